import {
  type BufferAccess,
  type CallbackReturned,
  CONTROL_INTERRUPT_ENABLE,
  CONTROL_RESET,
  CONTROL_RUN,
  type DataSrb,
  type DeviceDeleted,
  type DeviceNotificationMessage,
  type DeviceSrb,
  type EventNotification,
  type EventRoutineReturned,
  type HardwareRegisters,
  type HW_STREAM_DESCRIPTOR,
  type KSSTATE,
  type MinidriverMessage,
  type NTSTATUS,
  type SrbCommand,
  type SrbResult,
  STATUS_FRAME_DONE,
  type StreamNotificationMessage,
  streamEventQueue,
  type TimeoutCountersDecremented,
  WILDCARD,
  type WriteRegister,
} from 'interlace/stream-class';
import { enqueueActions, setup } from 'xstate';
import { timeAddressOf } from './frameNumbers.js';

export interface StubInput {
  /** Whether Ready comes before, with or after a completion (D-024). Default `with`. */
  readonly ready?: 'before' | 'with' | 'after';
  /** What it answers instead of STATUS_SUCCESS. */
  readonly answers?: Partial<Record<SrbCommand, NTSTATUS>>;
  /** Completes SRB_OPEN_STREAM so much later; Ready comes at once. */
  readonly openMs?: number;
  readonly instances?: number;
  readonly descriptor?: HW_STREAM_DESCRIPTOR;
  readonly descriptorSize?: number;
  readonly entry?: NTSTATUS;
  readonly registers?: boolean;
  readonly off?: boolean;
  /** Whether its device is a bus master. Default yes. */
  readonly busMaster?: boolean;
  /** What it says of its buffers. Default: DMA only. */
  readonly access?: Partial<BufferAccess>;
  /** Whether it has an interrupt routine. Default yes. */
  readonly interrupts?: boolean;
  /** Says Ready for control requests so much later. */
  readonly controlReadyMs?: number;
  /** Never says Ready for data. */
  readonly neverReadyForData?: boolean;
  /** Whether it has event routines, and what they answer to an enable. Default: it has none. */
  readonly events?: NTSTATUS;
  /** What they answer to a disable. Default STATUS_SUCCESS. */
  readonly disables?: NTSTATUS;
  /** What it says to its stream's event queue with every frame. */
  readonly notifies?: readonly EventNotification[];
  /** Does nothing when a read is cancelled. */
  readonly ignoresCancel?: boolean;
  /** Completes control requests only when they are cancelled. */
  readonly keepsControl?: boolean;
}

interface Stub extends StubInput {
  readonly reads: readonly DataSrb[];
  readonly state: KSSTATE;
  readonly armed: boolean;
}

type Notification = DeviceNotificationMessage | StreamNotificationMessage;
type Late = { readonly type: 'Late'; readonly srb: DeviceSrb };

/** SRB_HW_FLAGS of a control request. */
const CONTROL = 2;
const RUNNING = CONTROL_RUN | CONTROL_INTERRUPT_ENABLE;

export function stubDescriptor(instances: number): HW_STREAM_DESCRIPTOR {
  const range = { FormatSize: 64, Flags: 0, SampleSize: 0, SubFormat: WILDCARD, Specifier: WILDCARD };
  return {
    NumberOfStreams: 1,
    StreamInfo: [
      {
        NumberOfPossibleInstances: instances,
        DataFlow: 'KSPIN_DATAFLOW_OUT',
        NumberOfFormatArrayEntries: 1,
        StreamFormatsArray: [{ ...range, MajorFormat: 'KSDATAFORMAT_TYPE_VIDEO' }],
      },
    ],
  };
}

function deviceResult(
  { descriptor, descriptorSize = 100, instances = 1, events, access }: Stub,
  srb: DeviceSrb,
): SrbResult {
  const common = { id: srb.id, Status: 'STATUS_SUCCESS', ActualBytesTransferred: 0 } as const;
  switch (srb.Command) {
    case 'SRB_INITIALIZE_DEVICE':
      return { ...common, Command: srb.Command, CommandData: { StreamDescriptorSize: descriptorSize } };
    case 'SRB_OPEN_STREAM':
      return {
        ...{ ...common, Command: srb.Command, Dma: true, hasClock: true, ...access },
        HwEventRoutine: events ? 'HwEventRoutine' : null,
      };
    case 'SRB_GET_STREAM_INFO':
      return { ...common, Command: srb.Command, CommandData: descriptor ?? stubDescriptor(instances) };
    default:
      return { ...common, Command: srb.Command };
  }
}

function readResult(srb: DataSrb, DataUsed: number): SrbResult {
  return {
    id: srb.id,
    Command: srb.Command,
    Status: 'STATUS_SUCCESS',
    ActualBytesTransferred: DataUsed,
    DataBufferArray: srb.DataBufferArray.map((header) => ({ ...header, DataUsed })),
  };
}

const device = (srb: SrbResult, ready: 'before' | 'with' | 'after' = 'with'): DeviceNotificationMessage[] => {
  const type = 'StreamClassDeviceNotification';
  if (ready === 'with') return [{ type, notification: 'CompleteRequestAndMarkQueueReady', srb }];
  const both: DeviceNotificationMessage[] = [
    { type, notification: 'ReadyForNextDeviceRequest' },
    { type, notification: 'DeviceRequestComplete', srb },
  ];
  return ready === 'before' ? both : both.reverse();
};

const stream = (
  srb: SrbResult,
  kind: 'Control' | 'Data',
  ready: 'before' | 'with' | 'after' = 'with',
): StreamNotificationMessage[] => {
  const type = 'StreamClassStreamNotification';
  if (ready === 'with') return [{ type, notification: 'CompleteRequestAndMarkQueueReady', srb }];
  const both: StreamNotificationMessage[] = [
    { type, notification: `ReadyForNextStream${kind}Request` },
    { type, notification: 'StreamRequestComplete', srb },
  ];
  return ready === 'before' ? both : both.reverse();
};

const write = (register: WriteRegister['register'], value: WriteRegister['value']): WriteRegister => ({
  type: 'WriteRegister',
  register,
  value,
});

const descriptorsOf = (srb: DataSrb): number[] => [
  timeAddressOf(srb.DataBufferArray[0]?.Address ?? 0),
  ...srb.ScatterGatherBuffer.flatMap(({ PhysicalAddress, Length }) => [PhysicalAddress, Length]),
];

/**
 * The smallest capture driver: completes everything at once, keeps reads in PAUSE and RUN, and completes them in its interrupt
 * routine. Its register writes are messages, which a real host's are not.
 */
export const stubMinidriver = setup({
  types: {
    context: {} as Stub,
    input: {} as StubInput | undefined,
    events: {} as MinidriverMessage | Late,
    tags: {} as 'idle',
  },
  actions: {
    enter: enqueueActions(({ context, enqueue }) => {
      const data = {
        TurnOffSynchronization: context.off === true,
        HwInterrupt: context.interrupts !== false,
        BusMasterDMA: context.busMaster !== false,
      };
      const result: CallbackReturned<'DriverEntry', NTSTATUS> = {
        type: 'CallbackReturned',
        callback: 'DriverEntry',
        result: context.entry ?? 'STATUS_SUCCESS',
      };
      const register = { type: 'StreamClassRegisterMinidriver', data };
      if (context.registers !== false) enqueue.sendTo(({ system }) => system.get('classDriver'), register);
      enqueue.sendTo(({ system }) => system.get('classDriver'), result);
    }),
    device: enqueueActions(({ context, event, enqueue }) => {
      if (event.type !== 'HwReceivePacket' && event.type !== 'Late') return;
      const { srb } = event;
      const late = srb.Command === 'SRB_OPEN_STREAM' && context.openMs !== undefined;
      const Status = context.answers?.[srb.Command] ?? 'STATUS_SUCCESS';
      const [first, second] = device({ ...deviceResult(context, srb), Status }, context.ready);
      const notifications: (Notification | undefined)[] = late
        ? event.type === 'Late'
          ? device({ ...deviceResult(context, srb), Status }, 'before').slice(1)
          : [{ type: 'StreamClassDeviceNotification', notification: 'ReadyForNextDeviceRequest' }]
        : [first, second];
      for (const notification of notifications) {
        if (notification) enqueue.sendTo(({ system }) => system.get('classDriver'), notification);
      }
      if (late && event.type !== 'Late') enqueue.raise({ type: 'Late', srb }, { delay: context.openMs ?? 0 });
    }),
    control: enqueueActions(({ context, event, enqueue }) => {
      if (event.type !== 'ReceiveControlPacket' || context.keepsControl) return;
      const { srb } = event;
      const Status = context.answers?.[srb.Command] ?? 'STATUS_SUCCESS';
      const to = srb.Command === 'SRB_SET_STREAM_STATE' ? srb.CommandData.StreamState : undefined;
      const notifications: Notification[] = [];
      if (to !== undefined && Status === 'STATUS_SUCCESS') {
        enqueue.assign({ state: to });
        const control = { KSSTATE_STOP: 4, KSSTATE_ACQUIRE: 4, KSSTATE_PAUSE: 2, KSSTATE_RUN: RUNNING }[to];
        enqueue.sendTo(({ system }) => system.get('hardware'), write('CONTROL', control));
        if (to === 'KSSTATE_STOP') {
          enqueue.assign({ reads: [], armed: false });
          for (const read of context.reads) {
            const type = 'StreamClassStreamNotification';
            notifications.push({ type, notification: 'StreamRequestComplete', srb: readResult(read, 0) });
          }
        }
      }
      const result = { id: srb.id, Command: srb.Command, Status, ActualBytesTransferred: 0 };
      notifications.push(...stream(result, 'Control', context.ready));
      for (const notification of notifications) {
        const isReady = notification.notification === 'ReadyForNextStreamControlRequest';
        const delay = isReady ? context.controlReadyMs : undefined;
        const options = delay === undefined ? {} : { delay };
        enqueue.sendTo(({ system }) => system.get(srb.StreamObject), notification, options);
      }
    }),
    read: enqueueActions(({ context, event, enqueue }) => {
      if (event.type !== 'ReceiveDataPacket') return;
      const { srb } = event;
      const accepts = context.state === 'KSSTATE_PAUSE' || context.state === 'KSSTATE_RUN';
      const ready: StreamNotificationMessage = {
        type: 'StreamClassStreamNotification',
        notification: 'ReadyForNextStreamDataRequest',
      };
      if (accepts) {
        enqueue.assign({ reads: [...context.reads, srb] });
        if (!context.neverReadyForData) {
          enqueue.sendTo(({ system }) => system.get(srb.StreamObject), ready);
        }
      } else {
        for (const notification of stream(readResult(srb, 0), 'Data', context.ready)) {
          enqueue.sendTo(({ system }) => system.get(srb.StreamObject), notification);
        }
      }
    }),
    armIfRunning: enqueueActions(({ context, enqueue }) => {
      const head = context.reads[0];
      if (!head || context.armed || context.state !== 'KSSTATE_RUN') return;
      enqueue.assign({ armed: true });
      enqueue.sendTo(({ system }) => system.get('hardware'), write('DMA_DESCRIPTORS', descriptorsOf(head)));
    }),
    interrupt: enqueueActions(({ context, system, enqueue }) => {
      const registers: HardwareRegisters = system.get('hardware').getSnapshot().context.registers;
      const [srb, ...reads] = context.reads;
      if ((registers.STATUS & STATUS_FRAME_DONE) === 0) return;
      enqueue.sendTo(({ system }) => system.get('hardware'), write('STATUS', STATUS_FRAME_DONE));
      if (!srb) return;
      enqueue.assign({ reads, armed: false });
      const notification: StreamNotificationMessage = {
        type: 'StreamClassStreamNotification',
        notification: 'StreamRequestComplete',
        srb: readResult(srb, registers.FRAME_BYTES),
      };
      enqueue.sendTo(({ system }) => system.get(srb.StreamObject), notification);
      const queue = streamEventQueue(srb.StreamObject);
      for (const told of context.notifies ?? []) enqueue.sendTo(({ system }) => system.get(queue), told);
    }),
    event: enqueueActions(({ context, event, enqueue }) => {
      if (event.type !== 'HwEventRoutine') return;
      const { entry, Enable } = event.event;
      const Status = (Enable ? context.events : context.disables) ?? 'STATUS_SUCCESS';
      const returned: EventRoutineReturned = { type: 'EventRoutineReturned', entry, Status };
      enqueue.sendTo(({ system }) => system.get(entry.slice(0, entry.lastIndexOf('.'))), returned);
    }),
    cancel: enqueueActions(({ context, event, enqueue }) => {
      if (event.type !== 'HwCancelPacket' || context.ignoresCancel || !('StreamObject' in event.srb)) return;
      const { Command, StreamObject, id } = event.srb;
      if (event.srb.Flags === CONTROL && context.keepsControl) {
        const result = { id, Command, Status: 'STATUS_CANCELLED', ActualBytesTransferred: 0 } as const;
        for (const notification of stream(result, 'Control')) {
          enqueue.sendTo(({ system }) => system.get(StreamObject), notification);
        }
      }
      const read = context.reads.find((held) => held.id === id);
      if (!read) return;
      if (context.armed && read === context.reads[0]) {
        enqueue.assign({ armed: false });
        enqueue.sendTo(({ system }) => system.get('hardware'), write('CONTROL', CONTROL_RESET));
        enqueue.sendTo(({ system }) => system.get('hardware'), write('CONTROL', RUNNING));
      }
      enqueue.assign({ reads: context.reads.filter((other) => other !== read) });
      const notification: StreamNotificationMessage = {
        type: 'StreamClassStreamNotification',
        notification: 'CompleteRequestAndMarkQueueReady',
        srb: { ...readResult(read, 0), Status: 'STATUS_CANCELLED' },
      };
      enqueue.sendTo(({ system }) => system.get(read.StreamObject), notification);
    }),
    sayUntimed: enqueueActions(({ enqueue }) => {
      const answer: TimeoutCountersDecremented = { type: 'TimeoutCountersDecremented', isAnyTimed: false };
      enqueue.sendTo(({ system }) => system.get('watchdog'), answer);
    }),
    sayDeleted: enqueueActions(({ enqueue }) => {
      const answer: DeviceDeleted = { type: 'DeviceDeleted' };
      enqueue.sendTo(({ system }) => system.get('classDriver'), answer);
    }),
    return: enqueueActions(({ event, enqueue }) => {
      if (
        event.type === 'DriverEntry' ||
        event.type === 'DriverUnload' ||
        event.type === 'IrpCancelled' ||
        event.type === 'Late'
      )
        return;
      const srb = 'srb' in event ? { srb: event.srb.id } : {};
      const returned: CallbackReturned = { type: 'CallbackReturned', callback: event.type, ...srb };
      enqueue.sendTo(({ system }) => system.get('synchronizer'), returned);
    }),
  },
}).createMachine({
  id: 'stub',
  context: ({ input }) => ({ ...input, reads: [], state: 'KSSTATE_STOP', armed: false }),
  initial: 'passive',
  states: {
    passive: {
      tags: ['idle'],
      on: {
        DriverEntry: { actions: 'enter' },
        HwReceivePacket: { actions: ['device', 'return'] },
        ReceiveControlPacket: { actions: ['control', 'armIfRunning', 'return'] },
        ReceiveDataPacket: { actions: ['read', 'armIfRunning', 'return'] },
        HwEventRoutine: { actions: ['event', 'return'] },
        HwCancelPacket: { actions: ['cancel', 'armIfRunning', 'return'] },
        DecrementTimeoutCounters: { actions: ['return', 'sayUntimed'] },
        HwRequestTimeoutHandler: { actions: 'return' },
        HwInterrupt: { actions: ['interrupt', 'armIfRunning', 'return'] },
        IoDeleteDevice: { actions: ['return', 'sayDeleted'] },
        MmPageEntireDriver: { actions: 'return' },
        MmResetDriverPaging: { actions: 'return' },
        IrpCancelled: {},
        DriverUnload: {},
        Late: { actions: 'device' },
      },
    },
  },
});
