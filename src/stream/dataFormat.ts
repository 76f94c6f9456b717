/** GUID_NULL, which a data range uses for "any". */
export const WILDCARD = 'GUID_NULL';

/** sizeof(KSDATAFORMAT) and sizeof(KSDATARANGE). */
export const KSDATAFORMAT_SIZE = 64;

/** What a data format and a data range have in common. GUIDs go by name. */
export interface KSDATARANGE {
  readonly FormatSize: number;
  readonly Flags: number;
  /** Bytes of a sample; 0 when they vary. */
  readonly SampleSize: number;
  readonly MajorFormat: string;
  readonly SubFormat: string;
  readonly Specifier: string;
}

/** The format of a stream, for video with the part of its header that drivers need (F-011). */
export interface KSDATAFORMAT extends KSDATARANGE {
  readonly VideoInfoHeader?: {
    /** 100 ns. */
    readonly AvgTimePerFrame: number;
    /** Bytes of one picture. */
    readonly biSizeImage: number;
  };
}

/** Whether a format lies in a range: wildcards are looked at from the left. */
export function formatMatches(range: KSDATARANGE, format: KSDATARANGE): boolean {
  if (range.MajorFormat === WILDCARD) return true;
  if (range.MajorFormat !== format.MajorFormat) return false;
  if (range.SubFormat === WILDCARD) return true;
  return range.SubFormat === format.SubFormat && range.Specifier === format.Specifier;
}

/** Whether a buffer holds a KSDATAFORMAT: all of its members, with values of their types. */
export function isDataFormat(value: object | null): value is KSDATAFORMAT {
  const has = (type: string) => (key: string) => value !== null && typeof Reflect.get(value, key) === type;
  return (
    ['FormatSize', 'Flags', 'SampleSize'].every(has('number')) &&
    ['MajorFormat', 'SubFormat', 'Specifier'].every(has('string'))
  );
}
