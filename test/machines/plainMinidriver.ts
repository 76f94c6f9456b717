import type { LogicSource, Operation } from 'interlace';
import {
  type AnyMinidriverRoutine,
  defineMinidriver,
  type HW_STREAM_REQUEST_BLOCK,
  type SrbCommand,
  StreamClassCompleteRequestAndMarkQueueReady,
  StreamClassDebugPrint,
} from 'interlace/stream-class';
import { emitted, type Play } from './play.js';
import { remembered } from './remembered.js';
import { stubDescriptor } from './stubMinidriver.js';

/** What is done with an SRB before it is completed; who returns `'keeps'` completes it later. */
export type Work = (srb: HW_STREAM_REQUEST_BLOCK) => Generator<Operation, unknown, unknown>;

export interface Plain {
  readonly on?: Partial<Record<SrbCommand, Work>>;
  readonly off?: boolean;
  readonly HwInterrupt?: (extension: object) => Generator<Operation, boolean, unknown>;
  readonly HwCancelPacket?: (srb: HW_STREAM_REQUEST_BLOCK) => Generator<Operation, void, unknown>;
  readonly HwRequestTimeoutHandler?: (srb: HW_STREAM_REQUEST_BLOCK) => Generator<Operation, void, unknown>;
  readonly processors?: number | undefined;
  /** What the work stores or schedules. */
  readonly routines?: Readonly<Record<string, AnyMinidriverRoutine>>;
  readonly extension?: object;
  readonly DmaBufferSize?: number;
  readonly PerRequestExtensionSize?: number;
}

export const complete = StreamClassCompleteRequestAndMarkQueueReady;
export const say = (text: string) => StreamClassDebugPrint('DebugLevelTrace', text);

/** What was said, in order. */
export const said = (p: Play): unknown[] => emitted(p, 'DebugPrint').map(({ message }) => message);

/** Why the minidriver failed; `undefined` when it did not. */
export const failure = ({ run }: Play): string => String(run.world.snapshot('minidriver')?.error);

/** A minidriver that agrees to everything at once, but for the work that a test gives it. */
export const plainMinidriver = remembered(make);

function make({
  on = {},
  off = false,
  HwInterrupt,
  HwCancelPacket,
  HwRequestTimeoutHandler,
  processors,
  ...more
}: Plain): LogicSource {
  function* receive(srb: HW_STREAM_REQUEST_BLOCK) {
    srb.Status = 'STATUS_SUCCESS';
    const work = on[srb.Command];
    const kept = work && (yield* work(srb));
    if (kept !== 'keeps') yield* complete(srb);
  }
  function* HwReceivePacket(srb: HW_STREAM_REQUEST_BLOCK) {
    const object = srb.StreamObject;
    if (srb.CommandData.ConfigInfo) srb.CommandData.ConfigInfo.StreamDescriptorSize = 1;
    const { NumberOfStreams, StreamInfo } = stubDescriptor(1);
    if (srb.Command === 'SRB_GET_STREAM_INFO') srb.CommandData.StreamBuffer = { NumberOfStreams, StreamInfo };
    if (srb.Command === 'SRB_OPEN_STREAM' && object) {
      object.ReceiveDataPacket = receive;
      object.ReceiveControlPacket = receive;
    }
    yield* receive(srb);
  }
  return defineMinidriver(
    {
      name: 'plain',
      registration: {
        HwReceivePacket,
        ...(HwInterrupt ? { HwInterrupt } : {}),
        ...(HwCancelPacket ? { HwCancelPacket } : {}),
        ...(HwRequestTimeoutHandler ? { HwRequestTimeoutHandler } : {}),
        DeviceExtension: more.extension ?? {},
        DmaBufferSize: more.DmaBufferSize ?? 0,
        PerRequestExtensionSize: more.PerRequestExtensionSize ?? 0,
        TurnOffSynchronization: off,
      },
      routines: { receive, ...more.routines },
    },
    processors,
  );
}
