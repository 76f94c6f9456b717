import { type AnyActorLogic, assign, sendTo, setup } from 'xstate';
import { defineSystem, type System } from '../../../src/index.js';
import type { Operation } from '../../../src/routine/point.js';
import {
  defineMinidriver,
  type HW_STREAM_REQUEST_BLOCK,
  KeAcquireSpinLock,
  KeReleaseSpinLock,
  type KSPIN_LOCK,
  READ_REGISTER_ULONG,
  type SrbCommand,
  StreamClassCallAtNewPriority,
  StreamClassCompleteRequestAndMarkQueueReady,
  StreamClassDebugPrint,
  WRITE_REGISTER_ULONG,
} from '../../../src/stream/index.js';

/** One instruction of a small minidriver. Each callback has a register of its own, first 0. */
type Instruction =
  | { readonly op: 'write'; readonly cell: Cell; readonly value: number }
  /** from a cell, or from the hardware, into the register */
  | { readonly op: 'read'; readonly cell: Cell }
  | { readonly op: 'in' }
  /** the register to a cell; a value to the hardware */
  | { readonly op: 'store'; readonly cell: Cell }
  | { readonly op: 'out'; readonly value: number }
  /** a new object in a cell, and what it holds into the register */
  | { readonly op: 'allocate'; readonly cell: Reference; readonly value: number }
  | { readonly op: 'follow'; readonly cell: Reference }
  | { readonly op: 'drop'; readonly cell: Reference }
  /** the request that the other one left there is completed as well, if it is there still */
  | { readonly op: 'leave' | 'completeOther' }
  | { readonly op: 'callLater' }
  | { readonly op: 'pause' }
  /** skips as many instructions when the register is 0 */
  | { readonly op: 'skip'; readonly count: number }
  /** fails when the register is so */
  | { readonly op: 'fail'; readonly value: number };

type Cell = 'x' | 'y';
type Reference = 'p' | 'q';

interface Holds {
  value: number;
}

/**
 * Who sees to it that callbacks do not race: in mode ON nobody looks for races; in mode OFF each touch of memory is behind a lock, or
 * they race.
 */
type Care = 'ON' | 'locks' | 'races';

interface Extension {
  readonly Lock: KSPIN_LOCK;
  x: number;
  y: number;
  p: Holds | null;
  q: Holds | null;
  left: HW_STREAM_REQUEST_BLOCK | null;
}

const COMMANDS: readonly SrbCommand[] = [
  'SRB_INITIALIZATION_COMPLETE',
  'SRB_SURPRISE_REMOVAL',
  'SRB_CHANGE_POWER_STATE',
];

/** What may be asked of such a system. */
export const cellsOfMinidriver = ['x', 'y'] as const;

/**
 * A minidriver with random callbacks, called by one actor for each request and, perhaps, by an interrupt of its hardware. In mode
 * ON and OFF alike nobody synchronizes them, so that several are under way at once; see {@link Care}.
 */
export function smallMinidriverSystem(rand: () => number): System {
  const int = (n: number): number => Math.floor(rand() * n);
  const requests = 2 + int(2);
  const codes = Array.from({ length: requests + 1 }, () => code(int));
  const hasInterrupt = int(3) === 0;
  const care: Care = (['ON', 'locks', 'locks', 'races'] as const)[int(4)] ?? 'ON';
  const counted = int(3);

  function* run(instructions: readonly Instruction[], extension: Extension): Generator<Operation> {
    let register = 0;
    let left: HW_STREAM_REQUEST_BLOCK | null = null;
    for (let i = 0; i < instructions.length; i++) {
      const instruction = instructions[i];
      if (!instruction) return;
      const isLocked = care === 'locks' && touchesMemory(instruction);
      const OldIrql = isLocked ? yield* KeAcquireSpinLock(extension.Lock) : 0;
      switch (instruction.op) {
        case 'write':
          extension[instruction.cell] = instruction.value;
          break;
        case 'read':
          register = extension[instruction.cell];
          break;
        case 'in':
          register = yield* READ_REGISTER_ULONG('R');
          break;
        case 'store':
          extension[instruction.cell] = register;
          break;
        case 'out':
          yield* WRITE_REGISTER_ULONG('R', instruction.value);
          break;
        case 'allocate':
          extension[instruction.cell] = { value: instruction.value };
          break;
        case 'follow':
          register = extension[instruction.cell]?.value ?? 0;
          break;
        case 'drop':
          extension[instruction.cell] = null;
          break;
        case 'completeOther':
          left = extension.left;
          extension.left = null;
          break;
        case 'callLater':
          yield* StreamClassCallAtNewPriority(null, extension, 'Dispatch', later, null);
          break;
        case 'pause':
          yield* StreamClassDebugPrint('DebugLevelTrace', 'pause');
          break;
        case 'skip':
          if (register === 0) i += instruction.count;
          break;
        case 'fail':
          if (register === instruction.value) throw new Error('a planted mistake');
          break;
        default:
      }
      if (isLocked) yield* KeReleaseSpinLock(extension.Lock, OldIrql);
      if (left) yield* StreamClassCompleteRequestAndMarkQueueReady(left);
      left = null;
    }
  }
  function* HwReceivePacket(srb: HW_STREAM_REQUEST_BLOCK) {
    const extension = srb.HwDeviceExtension as Extension;
    const own = codes[COMMANDS.indexOf(srb.Command)] ?? [];
    srb.Status = 'STATUS_SUCCESS';
    yield* run(own, extension);
    let isLeft = false;
    if (own.some(({ op }) => op === 'leave')) {
      const OldIrql = care === 'locks' ? yield* KeAcquireSpinLock(extension.Lock) : 0;
      isLeft = !extension.left;
      if (isLeft) extension.left = srb;
      if (care === 'locks') yield* KeReleaseSpinLock(extension.Lock, OldIrql);
    }
    if (!isLeft) yield* StreamClassCompleteRequestAndMarkQueueReady(srb);
  }
  function* HwInterrupt(extension: object) {
    // An interrupt may not wait for a lock (INV-107).
    const own = (codes[requests] ?? []).filter(
      (instruction) => care !== 'locks' || !touchesMemory(instruction),
    );
    yield* run(own, extension as Extension);
    return true;
  }
  function* later() {
    yield* StreamClassDebugPrint('DebugLevelTrace', 'later');
  }
  const DeviceExtension: Extension = { Lock: { Holder: null }, x: 0, y: 0, p: null, q: null, left: null };
  const logic = defineMinidriver(
    {
      name: 'small',
      registration: {
        HwReceivePacket,
        ...(hasInterrupt ? { HwInterrupt } : {}),
        DeviceExtension,
        TurnOffSynchronization: care !== 'ON',
      },
      routines: { later },
    },
    counted === 0 ? 1 + int(2) : undefined,
  );
  const callers = Object.fromEntries(
    Array.from({ length: requests }, (_, i) => [`caller${i}`, { logic: caller(i, int(2) === 0) }]),
  );
  return defineSystem({
    name: 'small minidriver',
    timers: 'ordered',
    actors: {
      classDriver: { logic: listener },
      synchronizer: { logic: listener },
      watchdog: { logic: listener },
      hardware: { logic: hardware(hasInterrupt) },
      minidriver: { logic },
      ...callers,
    },
  });
}

/** Whether an instruction touches the device extension. */
function touchesMemory({ op }: Instruction): boolean {
  return ['write', 'read', 'store', 'allocate', 'follow', 'drop', 'completeOther'].includes(op);
}

function code(int: (n: number) => number): Instruction[] {
  const cell = (): Cell => (int(2) === 0 ? 'x' : 'y');
  const reference = (): Reference => (int(2) === 0 ? 'p' : 'q');
  const kinds: (() => Instruction)[] = [
    () => ({ op: 'write', cell: cell(), value: 1 + int(2) }),
    () => ({ op: 'read', cell: cell() }),
    () => ({ op: 'store', cell: cell() }),
    () => ({ op: 'in' }),
    () => ({ op: 'out', value: int(3) }),
    () => ({ op: 'allocate', cell: reference(), value: 1 + int(2) }),
    () => ({ op: 'follow', cell: reference() }),
    () => ({ op: 'drop', cell: reference() }),
    () => ({ op: int(2) === 0 ? 'leave' : 'completeOther' }),
    () => ({ op: 'skip', count: 1 + int(2) }),
    () => ({ op: 'pause' }),
    () => ({ op: 'pause' }),
    () => (int(3) === 0 ? { op: 'callLater' } : { op: 'pause' }),
  ];
  const some = Array.from({ length: 1 + int(5) }, () => (kinds[int(kinds.length)] ?? kinds[0])?.());
  const mistake: Instruction[] = [
    { op: 'read', cell: cell() },
    { op: 'fail', value: 1 + int(2) },
  ];
  return [...some.filter((instruction) => instruction !== undefined), ...(int(2) === 0 ? mistake : [])];
}

/** Calls the minidriver, at once or after a step of its own. */
function caller(i: number, isLate: boolean): AnyActorLogic {
  const Command = COMMANDS[i];
  const srb = {
    id: `request${i}`,
    Command,
    Flags: 1,
    TimeoutOriginal: i,
    ...(Command === 'SRB_CHANGE_POWER_STATE' ? { CommandData: { DeviceState: 'PowerDeviceD0' } } : {}),
  };
  const message = { type: 'HwReceivePacket', srb };
  const call = sendTo(({ system }) => system.get('minidriver'), message);
  return setup({}).createMachine({
    initial: isLate ? 'waiting' : 'done',
    states: {
      waiting: { entry: sendTo(({ self }) => self, { type: 'GO' }), on: { GO: 'done' } },
      done: { entry: call, tags: ['idle'] },
    },
  });
}

/** Counts what it hears of each kind, up to two. */
const listener = setup({
  types: { context: {} as { readonly completed: number; readonly others: number } },
}).createMachine({
  context: { completed: 0, others: 0 },
  tags: ['idle'],
  on: {
    StreamClassDeviceNotification: {
      actions: assign({ completed: ({ context }) => Math.min(2, context.completed + 1) }),
    },
    '*': { actions: assign({ others: ({ context }) => Math.min(2, context.others + 1) }) },
  },
});

/** A register, and an interrupt when it is written for the first time. */
function hardware(interrupts: boolean): AnyActorLogic {
  return setup({
    types: {
      context: {} as { readonly registers: { readonly R: number } },
      events: {} as { readonly type: 'WriteRegister'; readonly value: number },
    },
    actions: {
      keep: assign({ registers: ({ event }) => ({ R: event.value }) }),
      interrupt: sendTo(({ system }) => system.get('minidriver'), { type: 'HwInterrupt' }),
    },
  }).createMachine({
    context: { registers: { R: 0 } },
    initial: 'calm',
    tags: ['idle'],
    states: {
      calm: {
        on: { WriteRegister: { target: 'written', actions: interrupts ? ['keep', 'interrupt'] : ['keep'] } },
      },
      written: { on: { WriteRegister: { actions: 'keep' } } },
    },
  });
}
