import {
  defineMinidriver,
  type HW_STREAM_REQUEST_BLOCK,
  type KSMETHOD_SET,
  type KSPROPERTY_ITEM,
  type KSPROPERTY_SET,
  type Minidriver,
  type NTSTATUS,
  type SrbCommand,
  StreamClassCompleteRequestAndMarkQueueReady,
  StreamClassDebugPrint,
  StreamClassDeviceNotification,
  StreamClassStreamNotification,
  WILDCARD,
} from 'interlace/stream-class';
import { remembered } from './remembered.js';

export const SET = 'VENDOR_PROPERTYSETID';
export const OTHER_SET = 'OTHER_PROPERTYSETID';
export const METHODS = 'VENDOR_METHODSETID';

const both = { GetSupported: true, SetSupported: true, MinProperty: 24 };

/**
 * 1 and 9 may be got and set, and are serialized; 2 takes 4 bytes behind KSPROPERTY and varies in size, 3 may only be set; 4 answers for
 * its own support.
 */
const items: readonly KSPROPERTY_ITEM[] = [
  {
    ...both,
    PropertyId: 1,
    MinData: 4,
    SerializedSize: 4,
    RelationsCount: 1,
    Relations: [{ Set: SET, Id: 2 }],
    Values: {
      PropTypeSet: { Set: 'KSPROPTYPESETID_General', Id: 'VT_I4' },
      MembersListCount: 1,
      MembersList: [
        {
          MembersHeader: {
            MembersFlags: 'KSPROPERTY_MEMBER_STEPPEDRANGES',
            MembersSize: 16,
            MembersCount: 1,
            Flags: 0,
          },
          Members: [{ SteppingDelta: 1, SignedMinimum: 0, SignedMaximum: 100 }],
        },
      ],
    },
  },
  { ...both, PropertyId: 2, SetSupported: false, MinProperty: 28, MinData: 0 },
  { ...both, PropertyId: 3, GetSupported: false, MinData: 4, SerializedSize: 8 },
  { ...both, PropertyId: 4, SetSupported: false, MinData: 4, SupportHandler: true },
  { ...both, PropertyId: 9, MinData: 4, SerializedSize: 8 },
];

const sets: readonly KSPROPERTY_SET[] = [
  { Set: SET, PropertiesCount: 5, PropertyItem: items },
  {
    Set: OTHER_SET,
    PropertiesCount: 1,
    // What the count does not cover is not declared.
    PropertyItem: [
      { ...both, PropertyId: 7, MinData: 4 },
      { ...both, PropertyId: 8, MinData: 4 },
    ],
  },
];

const methods: readonly KSMETHOD_SET[] = [
  {
    Set: METHODS,
    MethodsCount: 2,
    MethodItem: [
      { MethodId: 1, MethodSupported: true, MinMethod: 28, MinData: 8, Flags: 'KSMETHOD_TYPE_MODIFY' },
      { MethodId: 2, MethodSupported: false, MinMethod: 24, MinData: 0, Flags: 'KSMETHOD_TYPE_NONE' },
    ],
  },
];

const range = { FormatSize: 64, Flags: 0, SampleSize: 0, SubFormat: WILDCARD, Specifier: WILDCARD };

export interface PropertyMinidriverInput {
  /** What it answers instead of STATUS_SUCCESS; of a list the first to the first request, and so on. */
  readonly answers?: Partial<Record<SrbCommand, NTSTATUS | readonly NTSTATUS[]>>;
  /** The bytes that it says it has moved. Default 4. */
  readonly bytes?: number;
  /** Completes what clients ask only when it is told to let go of it, and then with this. Ready comes at once. */
  readonly keeps?: NTSTATUS;
  /** The same, but it says Ready only with the completion. */
  readonly blocks?: boolean;
  readonly off?: boolean;
}

interface Extension {
  value: number;
  asked: number;
  /** What it keeps. */
  held: HW_STREAM_REQUEST_BLOCK[];
  isGone: boolean;
}

/** Has one property that it remembers the value of, and prints what it is asked, member by member. */
export const propertyMinidriver = remembered(make);

function make(input: PropertyMinidriverInput): Minidriver {
  function statusOf(extension: Extension, Command: SrbCommand): NTSTATUS {
    const answer = input.answers?.[Command] ?? 'STATUS_SUCCESS';
    if (typeof answer === 'string') return answer;
    return answer[extension.asked - 1] ?? 'STATUS_SUCCESS';
  }

  function* HwReceivePacket(srb: HW_STREAM_REQUEST_BLOCK) {
    const { CommandData, Command } = srb;
    switch (Command) {
      case 'SRB_INITIALIZE_DEVICE':
        if (CommandData.ConfigInfo) CommandData.ConfigInfo.StreamDescriptorSize = 1;
        break;
      case 'SRB_GET_STREAM_INFO':
        CommandData.StreamBuffer = {
          NumberOfStreams: 1,
          NumDevPropArrayEntries: 2,
          DevicePropertiesArray: sets,
          NumDevMethodArrayEntries: 1,
          DeviceMethodsArray: methods,
          StreamInfo: [
            {
              NumberOfPossibleInstances: 2,
              DataFlow: 'KSPIN_DATAFLOW_OUT',
              NumberOfFormatArrayEntries: 2,
              StreamFormatsArray: [
                { ...range, MajorFormat: 'KSDATAFORMAT_TYPE_VIDEO' },
                { ...range, FormatSize: 100, MajorFormat: 'KSDATAFORMAT_TYPE_VIDEO' },
              ],
              NumStreamPropArrayEntries: 2,
              StreamPropertiesArray: sets,
              NumStreamMethodArrayEntries: 1,
              StreamMethodsArray: methods,
            },
          ],
        };
        break;
      // C-069
      case 'SRB_SURPRISE_REMOVAL':
        yield* giveUp(srb.HwDeviceExtension as Extension);
        break;
      case 'SRB_OPEN_STREAM':
        if (!srb.StreamObject) return;
        srb.StreamObject.ReceiveControlPacket = ReceiveControlPacket;
        srb.StreamObject.ReceiveDataPacket = ReceiveControlPacket;
        break;
      default:
    }
    yield* perform(srb);
  }

  function* ReceiveControlPacket(srb: HW_STREAM_REQUEST_BLOCK) {
    yield* perform(srb);
  }

  function* perform(srb: HW_STREAM_REQUEST_BLOCK) {
    const extension = srb.HwDeviceExtension as Extension;
    const isAsked = yield* carryOut(srb, extension);
    if (isAsked && input.keeps && !extension.isGone) {
      srb.TimeoutCounter = 0;
      extension.held.push(srb);
      if (input.blocks) return;
      if (srb.StreamObject)
        yield* StreamClassStreamNotification('ReadyForNextStreamControlRequest', srb.StreamObject);
      else yield* StreamClassDeviceNotification('ReadyForNextDeviceRequest', extension);
      return;
    }
    if (isAsked) srb.ActualBytesTransferred = input.bytes ?? 4;
    srb.Status = statusOf(extension, srb.Command);
    yield* StreamClassCompleteRequestAndMarkQueueReady(srb);
  }

  /** @returns whether it is a client's request for what only the minidriver knows */
  function* carryOut(srb: HW_STREAM_REQUEST_BLOCK, extension: Extension) {
    const { Command, CommandData, Flags, Irp, NumberOfBytesToTransfer } = srb;
    const { PropertyInfo, MethodInfo, IntersectInfo } = CommandData;
    const print = (text: string) => StreamClassDebugPrint('DebugLevelInfo', `${Command} ${Flags} ${text}`);
    if (PropertyInfo) {
      extension.asked += 1;
      const { Property, PropertySetID, PropertyInputSize, PropertyOutputSize } = PropertyInfo;
      const value = PropertyInfo.PropertyInfo as { Value?: number };
      const instance = (Property as { Instance?: number }).Instance ?? 'none';
      yield* print(
        `${Property.Set} ${Property.Id} ${Property.Flags} instance ${instance} set ${PropertySetID} in ${PropertyInputSize} out ${PropertyOutputSize} value ${value.Value ?? 'none'}`,
      );
      if (Command === 'SRB_SET_DEVICE_PROPERTY' || Command === 'SRB_SET_STREAM_PROPERTY')
        extension.value = value.Value ?? 0;
      else value.Value = extension.value;
    } else if (MethodInfo) {
      extension.asked += 1;
      const { Method, MethodSetID, MethodInputSize, MethodOutputSize } = MethodInfo;
      const parameters = MethodInfo.MethodInfo as { Factor: number; Result: number };
      yield* print(
        `${Method.Set} ${Method.Id} ${Method.Flags} set ${MethodSetID} in ${MethodInputSize} out ${MethodOutputSize} factor ${parameters.Factor}`,
      );
      parameters.Result = 2 * parameters.Factor;
    } else if (IntersectInfo) {
      extension.asked += 1;
      const { StreamNumber, DataRange, SizeOfDataFormatBuffer, DataFormatBuffer } = IntersectInfo;
      yield* print(`stream ${StreamNumber} ${DataRange.SubFormat} size ${SizeOfDataFormatBuffer}`);
      Object.assign(DataFormatBuffer, { SubFormat: DataRange.SubFormat });
    } else if (Irp?.Parameters) {
      extension.asked += 1;
      const { IoControlCode, InputBufferLength, OutputBufferLength } = Irp.Parameters;
      yield* print(
        `${Irp.MajorFunction} ${IoControlCode ?? 'none'} in ${InputBufferLength} out ${OutputBufferLength}`,
      );
    } else if (CommandData.OpenFormat && Command !== 'SRB_OPEN_STREAM') {
      const { OpenFormat } = CommandData;
      yield* print(`${OpenFormat.SubFormat ?? 'none'} size ${NumberOfBytesToTransfer}`);
      if (Command === 'SRB_GET_DATA_FORMAT') Object.assign(OpenFormat, range);
    } else if (Command === 'SRB_GET_STREAM_STATE') {
      extension.asked += 1;
      CommandData.StreamState = 'KSSTATE_PAUSE';
      yield* print('asks for the state');
    } else {
      return false;
    }
    return true;
  }

  function* HwCancelPacket(srb: HW_STREAM_REQUEST_BLOCK) {
    // Without the class driver's lock it may be completed by now (D-045), and it is never kept.
    if (input.off) return;
    const { held } = srb.HwDeviceExtension as Extension;
    yield* StreamClassDebugPrint('DebugLevelInfo', `cancel ${srb.Command} ${srb.Flags}`);
    yield* letGo(srb, held);
  }

  function* giveUp(extension: Extension) {
    extension.isGone = true;
    for (const srb of [...extension.held]) yield* letGo(srb, extension.held);
  }

  /** Completes what it keeps; whatever else there is completes itself. */
  function* letGo(srb: HW_STREAM_REQUEST_BLOCK, held: HW_STREAM_REQUEST_BLOCK[]) {
    const place = held.indexOf(srb);
    if (place < 0 || !input.keeps) return;
    held.splice(place, 1);
    srb.Status = input.keeps;
    yield* StreamClassCompleteRequestAndMarkQueueReady(srb);
  }

  return defineMinidriver({
    name: 'properties',
    registration: {
      HwReceivePacket,
      HwCancelPacket,
      DeviceExtension: { value: 50, asked: 0, held: [], isGone: false } satisfies Extension,
      TurnOffSynchronization: input.off === true,
    },
    routines: { ReceiveControlPacket },
  });
}
