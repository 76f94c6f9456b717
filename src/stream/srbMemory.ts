import { type HeapObject, isHeapObject, RoutineName } from '../routine/heapObject.js';
import type { Memory } from '../routine/memory.js';
import type { HostState } from '../runtime/host.js';
import type { StateReader } from '../runtime/probes.js';
import {
  asLaid,
  cellOf,
  isPlainRecord,
  type Laid,
  laidRecord,
  layOut,
  Reference,
  takeOut,
} from './deviceMemory.js';
import type { Srb } from './srb.js';
import { layExtension } from './srbExtension.js';
import { srbId, streamFileObject, streamName, unrememberedName } from './srbNames.js';

/**
 * Lays an SRB out for the minidriver.
 *
 * @param extension the device's
 * @param extensionSize bytes of its own SRBExtension, which begins empty; the DDK leaves it uninitialized
 * @param remembered what callbacks remember
 */
export function laySrb(
  srb: Srb,
  {
    extension,
    extensionSize,
    remembered,
  }: {
    readonly extension: HeapObject;
    readonly extensionSize: number;
    readonly remembered: readonly HeapObject[];
  },
  memory: Memory,
  state: HostState,
): HeapObject {
  const stream =
    'StreamObject' in srb ? new Reference(memory.object(streamName(srb.StreamObject), false)) : null;
  const isData = srb.Command === 'SRB_READ_DATA' || srb.Command === 'SRB_WRITE_DATA';
  return layOut(
    unrememberedName(srb.id, remembered),
    {
      Command: srb.Command,
      Status: 'STATUS_PENDING',
      StreamObject: stream,
      HwDeviceExtension: new Reference(extension),
      SRBExtension: layExtension(extensionSize, memory, state),
      CommandData: commandData(srb),
      NumberOfBuffers: isData ? srb.NumberOfBuffers : 0,
      TimeoutCounter: srb.TimeoutOriginal,
      TimeoutOriginal: srb.TimeoutOriginal,
      NextSRB: null,
      Flags: srb.Flags,
      NumberOfBytesToTransfer: 'NumberOfBytesToTransfer' in srb ? srb.NumberOfBytesToTransfer : 0,
      ActualBytesTransferred: 0,
      ScatterGatherBuffer: isData ? asLaid(srb.ScatterGatherBuffer) : [],
      Irp: irpOf(srb),
    },
    memory,
    state,
  );
}

/** The IRP of a client; the class driver's own requests have none that a minidriver could use. */
function irpOf(srb: Srb): Laid {
  if ('Irp' in srb) return { ...laidRecord(srb.Irp), Cancel: false };
  return 'StreamObject' in srb || 'FileObject' in srb ? { Cancel: false } : null;
}

/** Sets Irp→Cancel: the owner of the IRP wants it no more. */
export function setIrpCancel(srb: HeapObject, memory: Memory, state: HostState): void {
  const irp = cellOf(srb, 'Irp', memory, state);
  if (!isHeapObject(irp)) return;
  const { cells } = memory.content(state.valueAt(irp.slot));
  state.set(irp.slot, memory.intern(irp, new Map([...cells, ['Cancel', true]])).id);
}

/** The ids of the SRBs that the minidriver owns although their IRPs are cancelled, sorted. */
export function cancelledSrbs(memory: Memory, state: StateReader): readonly string[] {
  const ids = memory.objects.flatMap((object) => {
    const irp = srbId(object) === undefined ? undefined : cellOf(object, 'Irp', memory, state);
    const isCancelled = isHeapObject(irp) && cellOf(irp, 'Cancel', memory, state) === true;
    return isCancelled ? [srbId(object) ?? ''] : [];
  });
  return ids.sort();
}

/** Lays the stream object out that comes with SRB_OPEN_STREAM. */
export function layStream(srb: Srb, extension: HeapObject, memory: Memory, state: HostState): void {
  if (srb.Command !== 'SRB_OPEN_STREAM') return;
  layOut(
    streamName(srb.StreamObject),
    {
      StreamNumber: srb.StreamNumber,
      HwDeviceExtension: new Reference(extension),
      HwStreamExtension: {},
      ReceiveDataPacket: null,
      ReceiveControlPacket: null,
      HwEventRoutine: null,
      HwClockObject: { HwClockFunction: null, ClockSupportFlags: 0 },
      Dma: false,
      Pio: false,
    },
    memory,
    state,
  );
}

/** Where a request of a client says how large its buffer is. */
const bufferSizes = [
  ['PropertyInfo', 'PropertyOutputSize'],
  ['MethodInfo', 'MethodOutputSize'],
  ['IntersectInfo', 'SizeOfDataFormatBuffer'],
] as const;

/** Whether a request is said to have moved more bytes than its client has room for (INV-038). */
export function overrunsBuffer(srb: HeapObject, memory: Memory, state: StateReader): boolean {
  const bytes = Number(cellOf(srb, 'ActualBytesTransferred', memory, state));
  const status = cellOf(srb, 'Status', memory, state);
  if (bytes === 0 || status !== 'STATUS_SUCCESS') return false;
  if (cellOf(srb, 'Command', memory, state) === 'SRB_GET_DATA_FORMAT')
    return bytes > Number(cellOf(srb, 'NumberOfBytesToTransfer', memory, state));
  const data = cellOf(srb, 'CommandData', memory, state);
  if (!isHeapObject(data)) return false;
  return bufferSizes.some(([member, size]) => {
    const structure = cellOf(data, member, memory, state);
    return isHeapObject(structure) && bytes > Number(cellOf(structure, size, memory, state));
  });
}

/** What the class driver gets back when the minidriver completes an SRB: the fields that the minidriver may write. */
export function srbResult(
  srb: HeapObject,
  memory: Memory,
  state: StateReader,
): Readonly<Record<string, unknown>> {
  const nameOf = (object: HeapObject): string | undefined => srbId(object) ?? streamFileObject(object);
  const take = (key: string): unknown => takeOut(cellOf(srb, key, memory, state), memory, state, nameOf);
  const data = take('CommandData');
  const of = (member: string): unknown => (isPlainRecord(data) ? data[member] : undefined);
  const inside = (member: string, inner: string): unknown => {
    const structure = of(member);
    return isPlainRecord(structure) ? structure[inner] : undefined;
  };
  const Command = take('Command');
  const result = {
    id: srbId(srb),
    Command,
    Status: take('Status'),
    ActualBytesTransferred: take('ActualBytesTransferred'),
  };
  switch (Command) {
    case 'SRB_INITIALIZE_DEVICE':
      return { ...result, CommandData: of('ConfigInfo') };
    case 'SRB_GET_STREAM_INFO':
      return { ...result, CommandData: of('StreamBuffer') };
    case 'SRB_OPEN_STREAM': {
      const stream = cellOf(srb, 'StreamObject', memory, state);
      const member = (key: string) => (isHeapObject(stream) ? cellOf(stream, key, memory, state) : null);
      const routine = member('HwEventRoutine');
      const HwEventRoutine = routine instanceof RoutineName ? routine.name : null;
      const clock = member('HwClockObject');
      const hasClock =
        isHeapObject(clock) && cellOf(clock, 'HwClockFunction', memory, state) instanceof RoutineName;
      const access = { Dma: member('Dma') === true, Pio: member('Pio') === true };
      return { ...result, HwEventRoutine, hasClock, ...access };
    }
    case 'SRB_READ_DATA':
      return { ...result, DataBufferArray: of('DataBufferArray') };
    case 'SRB_GET_STREAM_STATE':
      return { ...result, Output: { State: of('StreamState') } };
    case 'SRB_GET_DATA_FORMAT':
      return { ...result, Output: of('OpenFormat') };
    case 'SRB_GET_DEVICE_PROPERTY':
    case 'SRB_GET_STREAM_PROPERTY':
      return { ...result, Output: inside('PropertyInfo', 'PropertyInfo') };
    case 'SRB_DEVICE_METHOD':
    case 'SRB_STREAM_METHOD':
      return { ...result, Output: inside('MethodInfo', 'MethodInfo') };
    case 'SRB_GET_DATA_INTERSECTION':
      return { ...result, Output: inside('IntersectInfo', 'DataFormatBuffer') };
    default:
      return result;
  }
}

function commandData(srb: Srb): Laid {
  switch (srb.Command) {
    case 'SRB_INITIALIZE_DEVICE':
      return { ConfigInfo: { ...srb.CommandData } };
    case 'SRB_OPEN_STREAM':
    case 'SRB_PROPOSE_DATA_FORMAT':
    case 'SRB_SET_DATA_FORMAT':
      return laidRecord({ OpenFormat: srb.CommandData.OpenFormat });
    case 'SRB_OPEN_MASTER_CLOCK':
    case 'SRB_INDICATE_MASTER_CLOCK':
      return { MasterClockHandle: srb.CommandData.MasterClockHandle };
    case 'SRB_CHANGE_POWER_STATE':
      return { DeviceState: srb.CommandData.DeviceState };
    case 'SRB_SET_STREAM_STATE':
      return { StreamState: srb.CommandData.StreamState };
    case 'SRB_GET_STREAM_STATE':
      return { StreamState: 'KSSTATE_STOP' };
    case 'SRB_GET_DATA_FORMAT':
      return { OpenFormat: {} };
    case 'SRB_GET_DEVICE_PROPERTY':
    case 'SRB_SET_DEVICE_PROPERTY':
    case 'SRB_GET_STREAM_PROPERTY':
    case 'SRB_SET_STREAM_PROPERTY':
    case 'SRB_DEVICE_METHOD':
    case 'SRB_STREAM_METHOD':
    case 'SRB_GET_DATA_INTERSECTION':
      return laidRecord(srb.CommandData);
    case 'SRB_READ_DATA':
    case 'SRB_WRITE_DATA':
      return laidRecord({ DataBufferArray: srb.DataBufferArray });
    default:
      return {};
  }
}
