import type { HW_STREAM_REQUEST_BLOCK, KSDATARANGE, KSPROPERTY_SET, NTSTATUS } from 'interlace/stream-class';
import { giveFormat } from './dataFormats.js';

/** The picture's adjustments, as every capture device of Windows has them: here the brightness. */
export const PROPSETID_VIDCAP_VIDEOPROCAMP = 'PROPSETID_VIDCAP_VIDEOPROCAMP';
export const KSPROPERTY_VIDEOPROCAMP_BRIGHTNESS = 0;
/** sizeof(KSPROPERTY_VIDEOPROCAMP_S): a KSPROPERTY, and behind it Value, Flags and Capabilities. */
export const KSPROPERTY_VIDEOPROCAMP_SIZE = 36;
/** The vendor's own property of the stream: how many reads the camera holds. */
export const CAMERA_PROPERTYSET = 'CAMERA_PROPERTYSETID';
export const CAMERA_PROPERTY_HELD_READS = 1;

const KSPROPERTY_SIZE = 24;
const ULONG_SIZE = 4;
export const BRIGHTNESS = { min: 0, max: 255, default: 128 } as const;

/** DevicePropertiesArray: the class driver tells range and default from here (basic support). */
export const deviceProperties: readonly KSPROPERTY_SET[] = [
  {
    Set: PROPSETID_VIDCAP_VIDEOPROCAMP,
    PropertiesCount: 1,
    PropertyItem: [
      {
        PropertyId: KSPROPERTY_VIDEOPROCAMP_BRIGHTNESS,
        GetSupported: true,
        SetSupported: true,
        MinProperty: KSPROPERTY_VIDEOPROCAMP_SIZE,
        MinData: KSPROPERTY_VIDEOPROCAMP_SIZE,
        Values: {
          PropTypeSet: { Set: 'KSPROPTYPESETID_General', Id: 'VT_I4' },
          MembersListCount: 2,
          MembersList: [
            {
              MembersHeader: {
                MembersFlags: 'KSPROPERTY_MEMBER_STEPPEDRANGES',
                MembersSize: 16,
                MembersCount: 1,
                Flags: 0,
              },
              Members: [{ SteppingDelta: 1, SignedMinimum: BRIGHTNESS.min, SignedMaximum: BRIGHTNESS.max }],
            },
            {
              MembersHeader: {
                MembersFlags: 'KSPROPERTY_MEMBER_VALUES',
                MembersSize: ULONG_SIZE,
                MembersCount: 1,
                Flags: 'KSPROPERTY_MEMBER_FLAG_DEFAULT',
              },
              Members: [{ Value: BRIGHTNESS.default }],
            },
          ],
        },
      },
    ],
  },
];

/** StreamPropertiesArray. */
export const streamProperties: readonly KSPROPERTY_SET[] = [
  {
    Set: CAMERA_PROPERTYSET,
    PropertiesCount: 1,
    PropertyItem: [
      {
        PropertyId: CAMERA_PROPERTY_HELD_READS,
        GetSupported: true,
        SetSupported: false,
        MinProperty: KSPROPERTY_SIZE,
        MinData: ULONG_SIZE,
      },
    ],
  },
];

/** SRB_GET_DEVICE_PROPERTY and SRB_SET_DEVICE_PROPERTY: sizes and ids have been checked (G-001), the value has not. */
export function deviceProperty(extension: { brightness: number }, srb: HW_STREAM_REQUEST_BLOCK): NTSTATUS {
  const info = srb.CommandData.PropertyInfo;
  if (!info) return 'STATUS_NOT_IMPLEMENTED';
  const data = info.PropertyInfo as { Value: number };
  if (srb.Command === 'SRB_SET_DEVICE_PROPERTY') {
    const { Value } = data;
    if (!(Value >= BRIGHTNESS.min && Value <= BRIGHTNESS.max)) return 'STATUS_INVALID_PARAMETER';
    extension.brightness = Value;
  } else {
    const Flags = 'KSPROPERTY_VIDEOPROCAMP_FLAGS_MANUAL';
    Object.assign(data, { Value: extension.brightness, Flags, Capabilities: Flags });
  }
  srb.ActualBytesTransferred = KSPROPERTY_VIDEOPROCAMP_SIZE;
  return 'STATUS_SUCCESS';
}

/** SRB_GET_STREAM_PROPERTY. */
export function streamProperty(heldReads: number, srb: HW_STREAM_REQUEST_BLOCK): NTSTATUS {
  const info = srb.CommandData.PropertyInfo;
  if (!info) return 'STATUS_NOT_IMPLEMENTED';
  Object.assign(info.PropertyInfo, { HeldReads: heldReads });
  srb.ActualBytesTransferred = ULONG_SIZE;
  return 'STATUS_SUCCESS';
}

/** SRB_GET_DATA_INTERSECTION: there is one format, that of the sensor; without a buffer its size is the answer. */
export function dataIntersection(range: KSDATARANGE, srb: HW_STREAM_REQUEST_BLOCK): NTSTATUS {
  const info = srb.CommandData.IntersectInfo;
  if (info?.StreamNumber !== 0) return 'STATUS_NOT_IMPLEMENTED';
  const { MajorFormat, SubFormat, Specifier } = info.DataRange;
  const isOurs = SubFormat === range.SubFormat && Specifier === range.Specifier;
  if (MajorFormat !== range.MajorFormat || !isOurs) return 'STATUS_NO_MATCH';
  return giveFormat(srb, range, info.DataFormatBuffer, info.SizeOfDataFormatBuffer);
}
