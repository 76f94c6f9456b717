import {
  defaultDataFormat,
  defineMinidriver,
  type HW_STREAM_REQUEST_BLOCK,
  StreamClassCompleteRequestAndMarkQueueReady,
  StreamClassDeviceNotification,
  StreamClassStreamNotification,
} from 'interlace/stream-class';

interface StreamExtension {
  reads?: HW_STREAM_REQUEST_BLOCK[];
}

/** A minidriver whose device captures nothing: it takes reads and keeps them until they are cancelled. It has two streams to give. */
export function holder() {
  function* HwReceivePacket(srb: HW_STREAM_REQUEST_BLOCK) {
    srb.Status = 'STATUS_SUCCESS';
    switch (srb.Command) {
      case 'SRB_INITIALIZE_DEVICE':
        if (srb.CommandData.ConfigInfo) srb.CommandData.ConfigInfo.StreamDescriptorSize = 1;
        break;
      case 'SRB_GET_STREAM_INFO':
        srb.CommandData.StreamBuffer = {
          NumberOfStreams: 1,
          StreamInfo: [
            {
              NumberOfPossibleInstances: 2,
              DataFlow: 'KSPIN_DATAFLOW_OUT',
              NumberOfFormatArrayEntries: 1,
              StreamFormatsArray: [defaultDataFormat],
            },
          ],
        };
        break;
      case 'SRB_OPEN_STREAM':
        if (srb.StreamObject) {
          srb.StreamObject.ReceiveDataPacket = ReceiveDataPacket;
          srb.StreamObject.ReceiveControlPacket = ReceiveControlPacket;
          (srb.StreamObject.HwStreamExtension as StreamExtension).reads = [];
        }
        break;
    }
    // The class driver may come with the next request before this one is complete.
    yield* StreamClassDeviceNotification('ReadyForNextDeviceRequest', srb.HwDeviceExtension);
    yield* StreamClassDeviceNotification('DeviceRequestComplete', srb.HwDeviceExtension, srb);
  }

  function* ReceiveControlPacket(srb: HW_STREAM_REQUEST_BLOCK) {
    srb.Status = 'STATUS_SUCCESS';
    yield* StreamClassCompleteRequestAndMarkQueueReady(srb);
  }

  function* ReceiveDataPacket(srb: HW_STREAM_REQUEST_BLOCK) {
    if (!srb.StreamObject) return;
    srb.TimeoutCounter = 0;
    readsOf(srb).push(srb);
    yield* StreamClassStreamNotification('ReadyForNextStreamDataRequest', srb.StreamObject);
  }

  function* HwCancelPacket(srb: HW_STREAM_REQUEST_BLOCK) {
    const reads = readsOf(srb);
    if (!srb.StreamObject || !reads.includes(srb)) return;
    reads.splice(reads.indexOf(srb), 1);
    srb.Status = 'STATUS_CANCELLED';
    yield* StreamClassStreamNotification('StreamRequestComplete', srb.StreamObject, srb);
  }

  function readsOf({ StreamObject }: HW_STREAM_REQUEST_BLOCK): HW_STREAM_REQUEST_BLOCK[] {
    return (StreamObject?.HwStreamExtension as StreamExtension | undefined)?.reads ?? [];
  }

  return defineMinidriver({
    name: 'holder',
    registration: { HwReceivePacket, HwCancelPacket, DeviceExtension: {}, TurnOffSynchronization: false },
    routines: { ReceiveDataPacket, ReceiveControlPacket },
  });
}
