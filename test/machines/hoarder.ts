import {
  defineMinidriver,
  type HW_STREAM_REQUEST_BLOCK,
  type Minidriver,
  StreamClassCompleteRequestAndMarkQueueReady,
  StreamClassDebugPrint,
  StreamClassStreamNotification,
} from 'interlace/stream-class';
import { remembered } from './remembered.js';
import { stubDescriptor } from './stubMinidriver.js';

interface Kind {
  readonly all?: boolean;
  readonly handles?: boolean;
  readonly off?: boolean;
}

interface Hoard {
  reads: HW_STREAM_REQUEST_BLOCK[];
}

/**
 * A minidriver without hardware that keeps every read, and does not park it, until it is cancelled or its time is over. With
 * `all` its timeout handler gives back all that it has, not only what it was asked for. With `off` it registers for mode OFF, where
 * its cancel routine lingers, and looks whether it has the SRB again; an SRB that is cancelled before it has come here stays until its time is over (D-046).
 */
export const hoarder = remembered(make);

function make({ all = false, handles = true, off = false }: Kind): Minidriver {
  function* HwReceivePacket(srb: HW_STREAM_REQUEST_BLOCK) {
    const object = srb.StreamObject;
    if (srb.Command === 'SRB_INITIALIZE_DEVICE' && srb.CommandData.ConfigInfo)
      srb.CommandData.ConfigInfo.StreamDescriptorSize = 1;
    const { NumberOfStreams, StreamInfo } = stubDescriptor(1);
    if (srb.Command === 'SRB_GET_STREAM_INFO') srb.CommandData.StreamBuffer = { NumberOfStreams, StreamInfo };
    if (srb.Command === 'SRB_OPEN_STREAM' && object) {
      object.ReceiveDataPacket = ReceiveDataPacket;
      object.ReceiveControlPacket = ReceiveControlPacket;
    }
    srb.Status = 'STATUS_SUCCESS';
    yield* StreamClassCompleteRequestAndMarkQueueReady(srb);
  }

  function* ReceiveControlPacket(srb: HW_STREAM_REQUEST_BLOCK) {
    srb.Status = 'STATUS_SUCCESS';
    yield* StreamClassCompleteRequestAndMarkQueueReady(srb);
  }

  function* ReceiveDataPacket(srb: HW_STREAM_REQUEST_BLOCK) {
    const object = srb.StreamObject;
    if (!object) return;
    const { reads } = srb.HwDeviceExtension as Hoard;
    reads.push(srb);
    yield* StreamClassStreamNotification('ReadyForNextStreamDataRequest', object);
  }

  function* giveBack(srb: HW_STREAM_REQUEST_BLOCK, status: 'STATUS_CANCELLED' | 'STATUS_IO_TIMEOUT') {
    const extension = srb.HwDeviceExtension as Hoard;
    const given = extension.reads.filter((read) => all || read === srb);
    extension.reads = extension.reads.filter((read) => !given.includes(read));
    for (const read of given) {
      read.Status = status;
      if (read.StreamObject)
        yield* StreamClassStreamNotification('StreamRequestComplete', read.StreamObject, read);
    }
  }

  function* HwCancelPacket(srb: HW_STREAM_REQUEST_BLOCK) {
    const extension = srb.HwDeviceExtension as Hoard;
    const had = extension.reads.includes(srb);
    yield* giveBack(srb, 'STATUS_CANCELLED');
    for (let i = 0; off && i < 10; i++) yield* StreamClassDebugPrint('DebugLevelTrace', 'lingers');
    if (off && had && extension.reads.includes(srb))
      yield* StreamClassDebugPrint('DebugLevelTrace', 'has it again');
  }

  function* HwRequestTimeoutHandler(srb: HW_STREAM_REQUEST_BLOCK) {
    yield* giveBack(srb, 'STATUS_IO_TIMEOUT');
  }

  return defineMinidriver({
    name: 'hoarder',
    registration: {
      HwReceivePacket,
      HwCancelPacket,
      ...(handles ? { HwRequestTimeoutHandler } : {}),
      DeviceExtension: { reads: [] },
      TurnOffSynchronization: off,
    },
    routines: { ReceiveDataPacket, ReceiveControlPacket },
  });
}
