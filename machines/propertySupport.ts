import {
  type KSIDENTIFIER,
  type KSPROPERTY_ITEM,
  type KSPROPERTY_MEMBERSLIST,
  KSPROPERTY_SIZE,
} from 'interlace/streaming';
import { type Answer, failure } from './answer.js';
import { sizedList } from './sizedList.js';

/** What the class driver says of properties without asking the minidriver: it is all in the tables (G-029 to G-032). */

const ULONG_SIZE = 4;
/** sizeof(KSPROPERTY_DESCRIPTION). */
const DESCRIPTION_SIZE = 40;
/** sizeof(KSPROPERTY_MEMBERSHEADER). */
const MEMBERSHEADER_SIZE = 16;
const tooSmall = failure('STATUS_BUFFER_TOO_SMALL');
const done = (Information: number, Output: object): Answer => ({
  Status: 'STATUS_SUCCESS',
  Information,
  Output,
});

function membersSize(lists: readonly KSPROPERTY_MEMBERSLIST[]): number {
  return lists.reduce(
    (sum, { MembersHeader }) =>
      sum + MEMBERSHEADER_SIZE + MembersHeader.MembersSize * MembersHeader.MembersCount,
    0,
  );
}

function listsOf({ Values }: KSPROPERTY_ITEM): readonly KSPROPERTY_MEMBERSLIST[] {
  return Values?.MembersList.slice(0, Values.MembersListCount) ?? [];
}

function accessFlags({ GetSupported, SetSupported }: KSPROPERTY_ITEM): string {
  const access = [
    ...(GetSupported ? ['KSPROPERTY_TYPE_GET'] : []),
    ...(SetSupported ? ['KSPROPERTY_TYPE_SET'] : []),
  ];
  return access.join(' | ');
}

/** KSPROPERTY_DESCRIPTION, and behind it some lists of values if there is room for all of them. */
function description(
  item: KSPROPERTY_ITEM,
  MembersList: readonly KSPROPERTY_MEMBERSLIST[],
  outputLength: number,
): Answer {
  const DescriptionSize = DESCRIPTION_SIZE + membersSize(MembersList);
  const head = {
    AccessFlags: accessFlags(item),
    DescriptionSize,
    PropTypeSet: propertyType(item),
    MembersListCount: MembersList.length,
  };
  return outputLength < DescriptionSize
    ? done(DESCRIPTION_SIZE, head)
    : done(DescriptionSize, MembersList.length > 0 ? { ...head, MembersList } : head);
}

/** The type of a property; GUID_NULL when its owner does not tell. */
export function propertyType({ Values }: KSPROPERTY_ITEM): KSIDENTIFIER {
  return Values?.PropTypeSet ?? { Set: 'GUID_NULL', Id: 0 };
}

/** What may be done with a property: a ULONG of flags; with room for it a description, with room for all its values too. */
export function basicSupport(item: KSPROPERTY_ITEM, outputLength: number): Answer {
  if (outputLength < ULONG_SIZE) return tooSmall;
  if (outputLength < DESCRIPTION_SIZE) return done(ULONG_SIZE, { AccessFlags: accessFlags(item) });
  return description(item, listsOf(item), outputLength);
}

/** KSPROPERTY_TYPE_DEFAULTVALUES: the same with the lists of defaults only; a property that declares none has none to tell (J46). */
export function defaultValues(item: KSPROPERTY_ITEM, outputLength: number): Answer {
  const isDefault = ({ MembersHeader }: KSPROPERTY_MEMBERSLIST): boolean =>
    MembersHeader.Flags === 'KSPROPERTY_MEMBER_FLAG_DEFAULT';
  const lists = listsOf(item).filter(isDefault);
  if (lists.length === 0) return failure('STATUS_NOT_FOUND');
  if (outputLength === 0)
    return { Status: 'STATUS_BUFFER_OVERFLOW', Information: DESCRIPTION_SIZE + membersSize(lists) };
  return outputLength < DESCRIPTION_SIZE ? tooSmall : description(item, lists, outputLength);
}

/** The properties that change with this one. */
export function relations(
  { Relations = [], RelationsCount = 0 }: KSPROPERTY_ITEM,
  outputLength: number,
): Answer {
  const related = Relations.slice(0, RelationsCount);
  return sizedList(related, KSPROPERTY_SIZE * related.length, outputLength);
}
