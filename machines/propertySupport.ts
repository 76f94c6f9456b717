import {
  type KSPROPERTY_ITEM,
  type KSPROPERTY_SET,
  KSPROPERTY_SIZE,
  type KSPROPERTY_VALUES,
} from 'interlace/streaming';
import { type Answer, sizedList } from './sizedList.js';

/** What the class driver says of properties without asking the minidriver: it is all in the tables (G-029 to G-033). */

const ULONG_SIZE = 4;
/** sizeof(KSPROPERTY_DESCRIPTION). */
const DESCRIPTION_SIZE = 40;
/** sizeof(KSPROPERTY_MEMBERSHEADER). */
const MEMBERSHEADER_SIZE = 16;
/** sizeof(KSPROPERTY_SERIALHDR): the GUID and the count. */
const SERIALHDR_SIZE = 20;
/** sizeof(KSPROPERTY_SERIAL): the type of the value, the property's id, the length of the value. */
const SERIAL_SIZE = 32;

const tooSmall: Answer = { Status: 'STATUS_BUFFER_TOO_SMALL', Information: 0 };
const done = (Information: number, Output: object): Answer => ({
  Status: 'STATUS_SUCCESS',
  Information,
  Output,
});

function membersSize({ MembersList, MembersListCount }: KSPROPERTY_VALUES): number {
  const lists = MembersList.slice(0, MembersListCount);
  return lists.reduce(
    (sum, { MembersHeader }) =>
      sum + MEMBERSHEADER_SIZE + MembersHeader.MembersSize * MembersHeader.MembersCount,
    0,
  );
}

/** What may be done with a property: a ULONG of flags; with room for it a description, with room for all its values too. */
export function basicSupport(item: KSPROPERTY_ITEM, outputLength: number): Answer {
  const { GetSupported, SetSupported, Values } = item;
  const access = [
    ...(GetSupported ? ['KSPROPERTY_TYPE_GET'] : []),
    ...(SetSupported ? ['KSPROPERTY_TYPE_SET'] : []),
  ];
  const AccessFlags = access.join(' | ');
  if (outputLength < ULONG_SIZE) return tooSmall;
  if (outputLength < DESCRIPTION_SIZE) return done(ULONG_SIZE, { AccessFlags });
  const MembersListCount = Values?.MembersListCount ?? 0;
  const DescriptionSize = DESCRIPTION_SIZE + (Values ? membersSize(Values) : 0);
  const PropTypeSet = Values?.PropTypeSet ?? { Set: 'GUID_NULL', Id: 0 };
  const description = { AccessFlags, DescriptionSize, PropTypeSet, MembersListCount };
  if (!Values || outputLength < DescriptionSize) return done(DESCRIPTION_SIZE, description);
  const MembersList = Values.MembersList.slice(0, MembersListCount);
  return done(DescriptionSize, { ...description, MembersList });
}

/** The properties that change with this one. */
export function relations(
  { Relations = [], RelationsCount = 0 }: KSPROPERTY_ITEM,
  outputLength: number,
): Answer {
  const related = Relations.slice(0, RelationsCount);
  return sizedList(related, KSPROPERTY_SIZE * related.length, outputLength);
}

function serializedSize({ PropertyItem, PropertiesCount }: KSPROPERTY_SET): number {
  const sizes = PropertyItem.slice(0, PropertiesCount).map(({ SerializedSize = 0 }) => SerializedSize);
  const serialized = sizes.filter((size) => size > 0);
  return serialized.reduce((sum, size) => sum + SERIAL_SIZE + size, SERIALHDR_SIZE);
}

/** How many bytes the set takes when it is serialized: as a value, and to a request for the set itself without a buffer. */
export function serialization(set: KSPROPERTY_SET, type: 'SIZE' | 'SET', outputLength: number): Answer {
  const size = serializedSize(set);
  if (type === 'SIZE') return outputLength < ULONG_SIZE ? tooSmall : done(ULONG_SIZE, { Size: size });
  if (outputLength === 0) return { Status: 'STATUS_BUFFER_OVERFLOW', Information: size };
  if (outputLength < size) return tooSmall;
  return { Status: 'STATUS_INVALID_DEVICE_REQUEST', Information: 0 };
}
