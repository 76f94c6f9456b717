import type { LogicSource } from 'interlace';
import {
  defineMinidriver,
  type HW_STREAM_REQUEST_BLOCK,
  KeAcquireSpinLock,
  KeInitializeSpinLock,
  KeReleaseSpinLock,
  type KSPIN_LOCK,
  StreamClassCompleteRequestAndMarkQueueReady,
} from 'interlace/stream-class';
import { stubDescriptor } from './stubMinidriver.js';

interface Extension {
  readonly Lock: KSPIN_LOCK;
  reads: HW_STREAM_REQUEST_BLOCK[];
}

/**
 * A minidriver of mode OFF without hardware, as S/minidriver-synchronization wants it: it keeps reads in a list until they are
 * cancelled, and guards the list with a lock of its own (D-013, D-016, D-045, D-046). With `locks` false it forgets the lock.
 */
export function softwareMinidriver({ locks = true } = {}): LogicSource {
  const complete = StreamClassCompleteRequestAndMarkQueueReady;

  /** Takes a read out of the list; whoever gets `true` completes it, and nobody else. */
  function* unlink({ Lock, reads }: Extension, srb: HW_STREAM_REQUEST_BLOCK) {
    const OldIrql = locks ? yield* KeAcquireSpinLock(Lock) : 0;
    const at = reads.indexOf(srb);
    if (at >= 0) reads.splice(at, 1);
    if (locks) yield* KeReleaseSpinLock(Lock, OldIrql);
    return at >= 0;
  }

  function* HwReceivePacket(srb: HW_STREAM_REQUEST_BLOCK) {
    const object = srb.StreamObject;
    if (srb.CommandData.ConfigInfo) {
      srb.CommandData.ConfigInfo.StreamDescriptorSize = 1;
      yield* KeInitializeSpinLock((srb.HwDeviceExtension as Extension).Lock);
    }
    const { NumberOfStreams, StreamInfo } = stubDescriptor(1);
    if (srb.Command === 'SRB_GET_STREAM_INFO') srb.CommandData.StreamBuffer = { NumberOfStreams, StreamInfo };
    if (object) {
      object.ReceiveDataPacket = ReceiveDataPacket;
      object.ReceiveControlPacket = ReceiveControlPacket;
    }
    srb.Status = 'STATUS_SUCCESS';
    yield* complete(srb);
  }

  function* ReceiveControlPacket(srb: HW_STREAM_REQUEST_BLOCK) {
    srb.Status = 'STATUS_SUCCESS';
    yield* complete(srb);
  }

  function* ReceiveDataPacket(srb: HW_STREAM_REQUEST_BLOCK) {
    const extension = srb.HwDeviceExtension as Extension;
    const irp = srb.Irp;
    srb.TimeoutCounter = 0;
    const OldIrql = locks ? yield* KeAcquireSpinLock(extension.Lock) : 0;
    extension.reads.push(srb);
    const isCancelled = irp?.Cancel;
    if (locks) yield* KeReleaseSpinLock(extension.Lock, OldIrql);
    if (isCancelled) yield* cancel(extension, srb);
  }

  function* cancel(extension: Extension, srb: HW_STREAM_REQUEST_BLOCK) {
    if (!(yield* unlink(extension, srb))) return;
    srb.Status = 'STATUS_CANCELLED';
    yield* complete(srb);
  }

  function* HwCancelPacket(srb: HW_STREAM_REQUEST_BLOCK) {
    // There is nothing in an SRB that has been given back; in C the extension would be found by a global (D-045).
    const extension = srb.HwDeviceExtension as Extension | undefined;
    if (extension) yield* cancel(extension, srb);
  }

  return defineMinidriver({
    name: 'software',
    registration: {
      ...{ HwReceivePacket, HwCancelPacket },
      DeviceExtension: { Lock: {}, reads: [] },
      TurnOffSynchronization: true,
    },
    routines: { ReceiveDataPacket, ReceiveControlPacket },
  });
}
