import {
  flagNames,
  type KSPROPERTY_ITEM,
  KSPROPERTY_SIZE,
  type NTSTATUS,
  type PropertyRequest,
  type PropertyType,
  propertyTypes,
} from 'interlace/streaming';
import { type Answer, failure } from './answer.js';
import {
  checkedSerialization,
  checkedUnserialization,
  type SoundSet,
  sizeOfSet,
} from './propertySerialization.js';
import { basicSupport, defaultValues, relations } from './propertySupport.js';
import type { PropertyTable } from './propertyTables.js';

/** The validation of requests about properties, before anybody is asked (G.1, G.2, G-002). */

/** A request that may be carried out: to get, or to set; a question for support that the minidriver answers is a get. */
export interface SoundProperty {
  readonly table: PropertyTable;
  readonly verb: 'get' | 'set';
}

/** What is wrong with the buffers of a request, whatever it is about (G-012, G-013). */
export function bufferFault({
  InputLength,
  OutputLength,
  Value,
}: Pick<PropertyRequest, 'InputLength' | 'OutputLength' | 'Value'>): NTSTATUS | undefined {
  if (InputLength < KSPROPERTY_SIZE) return 'STATUS_INVALID_BUFFER_SIZE';
  return OutputLength > 0 && Value === null ? 'STATUS_ACCESS_VIOLATION' : undefined;
}

/** The one thing that a request is for; any other combination of flags is bad (G-027). */
function typeOf(flags: string): PropertyType | undefined {
  const [type, ...others] = flagNames(flags).filter((name) => name !== 'KSPROPERTY_TYPE_TOPOLOGY');
  return others.length === 0 ? propertyTypes.find((known) => known === type) : undefined;
}

/** Checks a request in the order of G-004, the first failure wins; what is in the tables is answered from there. */
export function checkedProperty(
  request: PropertyRequest,
  tables: readonly PropertyTable[],
): SoundProperty | SoundSet | Answer {
  const fault = bufferFault(request);
  if (fault) return failure(fault);
  const { Set: guid, Id, Flags, OutputLength } = request;
  const candidates = tables.filter(({ set }) => set.Set === guid);
  const [first] = candidates;
  // G-020
  if (!first) return failure('STATUS_PROPSET_NOT_FOUND');
  const type = typeOf(Flags);
  switch (type) {
    // These are about the set, whatever the id.
    case 'KSPROPERTY_TYPE_SETSUPPORT':
      return { Status: 'STATUS_SUCCESS', Information: 0 };
    case 'KSPROPERTY_TYPE_SERIALIZESET':
      return checkedSerialization(request, first);
    case 'KSPROPERTY_TYPE_UNSERIALIZESET':
      return checkedUnserialization(request, first);
    case 'KSPROPERTY_TYPE_SERIALIZESIZE':
      return sizeOfSet(first.set, OutputLength);
    default:
  }
  const table = candidates.find((candidate) => itemIn(candidate, Id));
  const item = table && itemIn(table, Id);
  // G-021
  if (!table || !item) return failure('STATUS_NOT_FOUND');
  switch (type) {
    case undefined:
      return failure('STATUS_INVALID_PARAMETER');
    case 'KSPROPERTY_TYPE_BASICSUPPORT':
      return item.SupportHandler ? checkedSupport(request, table, item) : basicSupport(item, OutputLength);
    case 'KSPROPERTY_TYPE_RELATIONS':
      return relations(item, OutputLength);
    case 'KSPROPERTY_TYPE_DEFAULTVALUES':
      return defaultValues(item, OutputLength);
    case 'KSPROPERTY_TYPE_GET':
      return checkedGet(request, table, item);
    case 'KSPROPERTY_TYPE_SET':
      return checkedSet(request, table, item);
    // G-034
    default:
      return failure('STATUS_INVALID_DEVICE_REQUEST');
  }
}

function itemIn({ set }: PropertyTable, id: PropertyRequest['Id']): KSPROPERTY_ITEM | undefined {
  return set.PropertyItem.slice(0, set.PropertiesCount).find(({ PropertyId }) => PropertyId === id);
}

/** G-031: the size of the answer is the minidriver's business. */
function checkedSupport(
  { InputLength }: PropertyRequest,
  table: PropertyTable,
  { MinProperty }: KSPROPERTY_ITEM,
): SoundProperty | Answer {
  return InputLength < MinProperty ? failure('STATUS_INVALID_BUFFER_SIZE') : { table, verb: 'get' };
}

/** G-022 to G-025. */
function checkedGet(
  { InputLength, OutputLength }: PropertyRequest,
  table: PropertyTable,
  { GetSupported, MinProperty, MinData }: KSPROPERTY_ITEM,
): SoundProperty | Answer {
  if (!GetSupported) return failure('STATUS_NOT_FOUND');
  if (InputLength < MinProperty) return failure('STATUS_INVALID_BUFFER_SIZE');
  if (OutputLength === 0 && MinData > 0) return { Status: 'STATUS_BUFFER_OVERFLOW', Information: MinData };
  return OutputLength < MinData ? failure('STATUS_BUFFER_TOO_SMALL') : { table, verb: 'get' };
}

/** G-022, G-023, G-025. */
function checkedSet(
  { InputLength, OutputLength }: PropertyRequest,
  table: PropertyTable,
  { SetSupported, MinProperty, MinData }: KSPROPERTY_ITEM,
): SoundProperty | Answer {
  if (!SetSupported) return failure('STATUS_NOT_FOUND');
  if (InputLength < MinProperty) return failure('STATUS_INVALID_BUFFER_SIZE');
  return OutputLength < MinData ? failure('STATUS_BUFFER_TOO_SMALL') : { table, verb: 'set' };
}
