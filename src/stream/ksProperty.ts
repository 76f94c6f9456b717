/** Sizes of the identifiers that requests begin with: KSPROPERTY, KSMETHOD and KSEVENT are all KSIDENTIFIERs. */
export const KSPROPERTY_SIZE = 24;
/** sizeof(KSP_PIN): a KSPROPERTY, the pin's id, and a reserved field. */
export const KSP_PIN_SIZE = 32;

/** What a KSPROPERTY_ITEM, a relation or a type of values is called by: a set and a number, or a name, in it. */
export interface KSIDENTIFIER {
  readonly Set: string;
  /** Of a vendor's set a number; the class driver's own go by name, such as `KSPROPERTY_PIN_CTYPES`. */
  readonly Id: number | string;
}

/** KSPROPERTY_MEMBERSLIST: values that a property may have, or has by default. */
export interface KSPROPERTY_MEMBERSLIST {
  readonly MembersHeader: {
    readonly MembersFlags:
      | 'KSPROPERTY_MEMBER_RANGES'
      | 'KSPROPERTY_MEMBER_STEPPEDRANGES'
      | 'KSPROPERTY_MEMBER_VALUES';
    /** Bytes of one member. */
    readonly MembersSize: number;
    readonly MembersCount: number;
    /** `KSPROPERTY_MEMBER_FLAG_DEFAULT`, or 0. */
    readonly Flags: 'KSPROPERTY_MEMBER_FLAG_DEFAULT' | 0;
  };
  /** Plain data. */
  readonly Members: readonly object[];
}

/** KSPROPERTY_VALUES: the type of a property, and what it may be. */
export interface KSPROPERTY_VALUES {
  readonly PropTypeSet: KSIDENTIFIER;
  readonly MembersListCount: number;
  readonly MembersList: readonly KSPROPERTY_MEMBERSLIST[];
}

/** One property as its owner declares it. */
export interface KSPROPERTY_ITEM {
  readonly PropertyId: KSIDENTIFIER['Id'];
  readonly GetSupported: boolean;
  readonly SetSupported: boolean;
  /** Bytes of the KSPROPERTY and of what has to follow it, at least {@link KSPROPERTY_SIZE}. */
  readonly MinProperty: number;
  /** Bytes that the value takes at least; 0 when its size varies. */
  readonly MinData: number;
  /** What basic support tells of the values. */
  readonly Values?: KSPROPERTY_VALUES | null;
  readonly RelationsCount?: number;
  /** Properties that change with this one. */
  readonly Relations?: readonly KSIDENTIFIER[];
  /** The minidriver answers questions for basic support itself: they come to it as a get (G-031). */
  readonly SupportHandler?: boolean;
  /** Bytes of the value in a serialized set; 0 leaves the property out, and so does whatever keeps it from being got and set by itself. */
  readonly SerializedSize?: number;
}

/** The properties of one GUID. */
export interface KSPROPERTY_SET {
  readonly Set: string;
  readonly PropertiesCount: number;
  readonly PropertyItem: readonly KSPROPERTY_ITEM[];
}

/** KSPROPERTY_SERIAL: one property of a serialized set, and behind it its value. */
export interface KSPROPERTY_SERIAL {
  readonly PropTypeSet: KSIDENTIFIER;
  readonly Id: KSIDENTIFIER['Id'];
  /** Bytes of the value. */
  readonly PropertyLength: number;
  /** Plain data. */
  readonly Value: object;
}

/** KSPROPERTY_SERIALHDR, and behind it the properties (G-033). */
export interface KSPROPERTY_SERIALHDR {
  readonly PropertySet: string;
  readonly Count: number;
  readonly Properties: readonly KSPROPERTY_SERIAL[];
}

/** What a request is for: `Flags` of a KSPROPERTY without KSPROPERTY_TYPE_TOPOLOGY, which may be OR-ed to any. */
export const propertyTypes = [
  'KSPROPERTY_TYPE_GET',
  'KSPROPERTY_TYPE_SET',
  'KSPROPERTY_TYPE_SETSUPPORT',
  'KSPROPERTY_TYPE_BASICSUPPORT',
  'KSPROPERTY_TYPE_RELATIONS',
  'KSPROPERTY_TYPE_SERIALIZESET',
  'KSPROPERTY_TYPE_UNSERIALIZESET',
  'KSPROPERTY_TYPE_SERIALIZERAW',
  'KSPROPERTY_TYPE_UNSERIALIZERAW',
  'KSPROPERTY_TYPE_SERIALIZESIZE',
  'KSPROPERTY_TYPE_DEFAULTVALUES',
] as const;

export type PropertyType = (typeof propertyTypes)[number];

/** The names in a word of flags, which are joined by ` | `. */
export function flagNames(flags: string): readonly string[] {
  return flags === '' ? [] : flags.split(' | ');
}

/** What is laid before the minidriver of a property request. */
export interface STREAM_PROPERTY_DESCRIPTOR {
  /** The client's KSPROPERTY, and behind it whatever structure it begins. */
  readonly Property: KSIDENTIFIER & { readonly Flags: string };
  /** Index of the set in DevicePropertiesArray or StreamPropertiesArray. */
  readonly PropertySetID: number;
  /** The value: what a set brings, what a get is to fill in. A buffer in the DDK, here a record with its members. */
  readonly PropertyInfo: object;
  /** Bytes of `Property`. */
  readonly PropertyInputSize: number;
  /** Bytes of the buffer behind `PropertyInfo`. */
  readonly PropertyOutputSize: number;
}
