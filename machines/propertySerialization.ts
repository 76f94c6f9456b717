import {
  type DevicePropertySrb,
  type KSPROPERTY_ITEM,
  type KSPROPERTY_SERIAL,
  type KSPROPERTY_SERIALHDR,
  type KSPROPERTY_SET,
  KSPROPERTY_SIZE,
  ntSuccess,
  type PropertyRequest,
  type SerialStep,
  type SrbResult,
  type StreamPropertySrb,
} from 'interlace/streaming';
import { type Answer, failure } from './answer.js';
import { propertyType } from './propertySupport.js';
import type { PropertyTable } from './propertyTables.js';

/**
 * A whole property set in one request (G-033): KSPROPERTY_TYPE_SERIALIZESET gets one property after the other, in the order of the
 * table, and KSPROPERTY_TYPE_UNSERIALIZESET sets what such a request has given. Each property is an SRB of its own, and the first
 * failure ends the request; what has been set by then stays set. All is looked at before the minidriver hears of anything (G-002).
 */

const ULONG_SIZE = 4;
/** sizeof(KSPROPERTY_SERIALHDR): the GUID and the count. */
const SERIALHDR_SIZE = 20;
/** sizeof(KSPROPERTY_SERIAL): the type of the value, the property's id, the length of the value. */
const SERIAL_SIZE = 32;

/** The properties of a set that may go to the minidriver, one after the other; there is at least one. */
export interface SoundSet {
  readonly verb: 'get' | 'set';
  readonly steps: readonly [SerialStep, ...SerialStep[]];
}

/** Bytes that properties take with their header. */
function serializedBytes(properties: readonly Pick<KSPROPERTY_SERIAL, 'PropertyLength'>[]): number {
  return properties.reduce((sum, { PropertyLength }) => sum + SERIAL_SIZE + PropertyLength, SERIALHDR_SIZE);
}

/** What can be saved and brought back: a property that is got and set without anything behind its KSPROPERTY (G-022 to G-025). */
function isSerialized({
  GetSupported,
  SetSupported,
  MinProperty,
  MinData,
  SerializedSize = 0,
}: KSPROPERTY_ITEM): boolean {
  const isPlain = GetSupported && SetSupported && MinProperty <= KSPROPERTY_SIZE;
  return isPlain && SerializedSize > 0 && SerializedSize >= MinData;
}

function serializedItems({ PropertyItem, PropertiesCount }: KSPROPERTY_SET): readonly KSPROPERTY_ITEM[] {
  return PropertyItem.slice(0, PropertiesCount).filter(isSerialized);
}

function serializedSize(set: KSPROPERTY_SET): number {
  const items = serializedItems(set);
  return serializedBytes(items.map(({ SerializedSize = 0 }) => ({ PropertyLength: SerializedSize })));
}

/** KSPROPERTY_TYPE_SERIALIZESIZE: how many bytes the set takes when it is serialized. */
export function sizeOfSet(set: KSPROPERTY_SET, outputLength: number): Answer {
  if (outputLength < ULONG_SIZE) return failure('STATUS_BUFFER_TOO_SMALL');
  return { Status: 'STATUS_SUCCESS', Information: ULONG_SIZE, Output: { Size: serializedSize(set) } };
}

/** KSPROPERTY_TYPE_SERIALIZESET; without a buffer it asks for the size. */
export function checkedSerialization(
  { OutputLength }: PropertyRequest,
  table: PropertyTable,
): SoundSet | Answer {
  const size = serializedSize(table.set);
  if (OutputLength === 0) return { Status: 'STATUS_BUFFER_OVERFLOW', Information: size };
  if (OutputLength < size) return failure('STATUS_BUFFER_TOO_SMALL');
  const steps = serializedItems(table.set).map((item) =>
    stepOf(table, item, 'KSPROPERTY_TYPE_GET', item.SerializedSize ?? 0, {}),
  );
  return inOrder('get', table.set, steps);
}

/** KSPROPERTY_TYPE_UNSERIALIZESET: the header is the set's, the buffer holds what it counts, and every property could be set by itself. */
export function checkedUnserialization(
  { OutputLength, Value }: PropertyRequest,
  table: PropertyTable,
): SoundSet | Answer {
  if (OutputLength < SERIALHDR_SIZE) return failure('STATUS_INVALID_BUFFER_SIZE');
  if (!isSerializedSet(Value) || Value.PropertySet !== table.set.Set)
    return failure('STATUS_INVALID_PARAMETER');
  const properties = Value.Properties.slice(0, Value.Count);
  if (properties.length < Value.Count || serializedBytes(properties) > OutputLength)
    return failure('STATUS_INVALID_BUFFER_SIZE');
  const items = serializedItems(table.set);
  const steps: SerialStep[] = [];
  for (const { Id, PropertyLength, Value: value } of properties) {
    const item = items.find(({ PropertyId }) => PropertyId === Id);
    if (!item) return failure('STATUS_NOT_FOUND');
    if (PropertyLength < item.MinData) return failure('STATUS_BUFFER_TOO_SMALL');
    steps.push(stepOf(table, item, 'KSPROPERTY_TYPE_SET', PropertyLength, value));
  }
  return inOrder('set', table.set, steps);
}

function isSerializedSet(value: object | null): value is KSPROPERTY_SERIALHDR {
  if (!value || !('PropertySet' in value && 'Count' in value && 'Properties' in value)) return false;
  const { Count, Properties } = value;
  return isByteCount(Count) && Array.isArray(Properties) && Properties.every(isSerial);
}

function isSerial(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (!('Id' in value && 'PropertyLength' in value && 'Value' in value)) return false;
  return isByteCount(value.PropertyLength) && typeof value.Value === 'object' && value.Value !== null;
}

function isByteCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0;
}

function stepOf(
  { set, index }: PropertyTable,
  item: KSPROPERTY_ITEM,
  Flags: 'KSPROPERTY_TYPE_GET' | 'KSPROPERTY_TYPE_SET',
  PropertyOutputSize: number,
  PropertyInfo: object,
): SerialStep {
  return {
    PropTypeSet: propertyType(item),
    PropertyInfo: {
      Property: { Set: set.Set, Id: item.PropertyId, Flags },
      PropertySetID: index ?? 0,
      PropertyInfo,
      PropertyInputSize: KSPROPERTY_SIZE,
      PropertyOutputSize,
    },
  };
}

/** A set of which nothing is serialized, such as the class driver's own, needs nobody. */
function inOrder(
  verb: SoundSet['verb'],
  set: KSPROPERTY_SET,
  steps: readonly SerialStep[],
): SoundSet | Answer {
  const [first, ...others] = steps;
  return first ? { verb, steps: [first, ...others] } : answerOf(verb, set.Set, []);
}

function answerOf(
  verb: SoundSet['verb'],
  PropertySet: string,
  Properties: readonly KSPROPERTY_SERIAL[],
): Answer {
  const header: KSPROPERTY_SERIALHDR = { PropertySet, Count: Properties.length, Properties };
  const answer: Answer = { Status: 'STATUS_SUCCESS', Information: serializedBytes(Properties) };
  return verb === 'get' ? { ...answer, Output: header } : answer;
}

type PropertySrb = DevicePropertySrb | StreamPropertySrb;

function isGet({ Command }: PropertySrb): boolean {
  return Command === 'SRB_GET_DEVICE_PROPERTY' || Command === 'SRB_GET_STREAM_PROPERTY';
}

/** What has been got or set when the minidriver has completed the property that it has. */
function doneWith(srb: PropertySrb, result: SrbResult): readonly KSPROPERTY_SERIAL[] {
  const { Serialization, CommandData } = srb;
  if (!Serialization) return [];
  const { Property, PropertyInfo, PropertyOutputSize } = CommandData.PropertyInfo;
  const { PropTypeSet, Done } = Serialization;
  const Output = 'Output' in result ? result.Output : undefined;
  const [PropertyLength, Value] = isGet(srb)
    ? [result.ActualBytesTransferred, Output ?? {}]
    : [PropertyOutputSize, PropertyInfo];
  return [...Done, { PropTypeSet, Id: Property.Id, PropertyLength, Value }];
}

/** What the first SRB for a set holds. */
export function firstInSet({ steps }: SoundSet): Pick<PropertySrb, 'CommandData' | 'Serialization'> {
  const [{ PropTypeSet, PropertyInfo }, ...Next] = steps;
  return { CommandData: { PropertyInfo }, Serialization: { PropTypeSet, Done: [], Next } };
}

/** The SRB for the next property of a set; `undefined` when there is none, or this one has failed. */
export function nextInSet<S extends PropertySrb>(srb: S, result: SrbResult): S | undefined {
  const [next, ...Next] = srb.Serialization?.Next ?? [];
  if (!next || !ntSuccess(result.Status)) return undefined;
  const { PropTypeSet, PropertyInfo } = next;
  return {
    ...srb,
    CommandData: { PropertyInfo },
    Serialization: { PropTypeSet, Done: doneWith(srb, result), Next },
  };
}

/**
 * What a client is told of a set when no property comes any more.
 *
 * @returns `undefined` for a property that was asked for by itself
 */
export function setAnswer(srb: PropertySrb, result: SrbResult, wasCancelled: boolean): Answer | undefined {
  const { Serialization, CommandData } = srb;
  if (!Serialization) return undefined;
  if (!ntSuccess(result.Status)) return failure(result.Status);
  // Nobody was asked for the rest.
  if (Serialization.Next.length > 0)
    return failure(wasCancelled ? 'STATUS_CANCELLED' : 'STATUS_DEVICE_REMOVED');
  const { Set: guid } = CommandData.PropertyInfo.Property;
  return answerOf(isGet(srb) ? 'get' : 'set', guid, doneWith(srb, result));
}
