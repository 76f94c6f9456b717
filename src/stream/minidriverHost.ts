import { invariant } from '../kernel/invariant.js';
import type { HeapObject } from '../routine/heapObject.js';
import { Locks } from '../routine/locks.js';
import { Memory } from '../routine/memory.js';
import { MemoryProxies } from '../routine/memoryProxy.js';
import { memoryView } from '../routine/memoryView.js';
import { forgetUnreachable } from '../routine/reachability.js';
import { ThreadOp } from '../routine/segment.js';
import { type KnownSegment, Segments } from '../routine/segments.js';
import type { CellId } from '../runtime/cells.js';
import type { Host, HostEnd, HostSite, HostState, VisitedPoints, Waiting } from '../runtime/host.js';
import { Probes, type StateReader } from '../runtime/probes.js';
import type { EventObject } from '../runtime/vocabulary.js';
import { Activations } from './activations.js';
import { callbackRaces } from './callbackRaces.js';
import type { MinidriverMessage } from './callMessages.js';
import { ClockQueries } from './clockQueries.js';
import { laidRecord, layOut } from './deviceMemory.js';
import { DriverImage } from './driverImage.js';
import { MinidriverCalls } from './minidriverCalls.js';
import { eventEntryId, MinidriverEvents } from './minidriverEvents.js';
import { type MinidriverProgram, registeredRoutines } from './minidriverProgram.js';
import { MinidriverServices } from './minidriverServices.js';
import { ScheduledCalls } from './scheduledCalls.js';
import { SpinLocks } from './spinLocks.js';
import { cancelledSrbs } from './srbMemory.js';
import { isOwnedByClass } from './srbNames.js';

const EXTENSION = 'HwDeviceExtension';
const DMA_BUFFER = 'DmaBuffer';
/** The cell that all that the host holds is, device memory and processors. */
const HELD = 'held';

/**
 * Hosts a minidriver (architecture 5.2): its callbacks run as threads over device memory, its DDI calls become messages to the
 * class driver and bus cycles of the hardware.
 *
 * Walk through: {@link receive} gets a callback's name and its SRB from the synchronizer; {@link MinidriverCalls} lays the SRB out
 * in memory (class to minidriver, A-060) and begins an *activation*. {@link take} runs its next segment; what the segment calls is
 * carried out by {@link MinidriverServices}. When an activation returns, whoever called is told. Each activation is a
 * process; its steps conflict with those of all others, but not with those of other actors.
 */
export class MinidriverHost implements Host {
  readonly #held: CellId;
  readonly #program: MinidriverProgram;
  readonly #memory: Memory;
  readonly #activations: Activations;
  readonly #segments: Segments;
  readonly #scheduledCalls: ScheduledCalls;
  readonly #calls: MinidriverCalls;
  readonly #services: MinidriverServices;
  readonly #image: DriverImage;
  readonly #extension: HeapObject;
  readonly #dmaBuffer: HeapObject | null;

  /** @param processors how many there are; as many as callbacks when it is `undefined` */
  constructor(site: HostSite, program: MinidriverProgram, processors: number | undefined) {
    this.#held = site.cell(HELD);
    this.#program = program;
    const { registration } = program;
    const memory = new Memory(site);
    const routines = new Map([...Object.entries(program.routines), ...registeredRoutines(program)]);
    const spinLocks = new SpinLocks(memory, registration.TurnOffSynchronization);
    const activations = new Activations(site, registration, routines, spinLocks, processors);
    const extension = memory.object(EXTENSION, false);
    const dmaBuffer = registration.DmaBufferSize ? memory.object(DMA_BUFFER, false) : null;
    const events = new MinidriverEvents(site, memory, extension, !registration.TurnOffSynchronization);
    const scheduledCalls = new ScheduledCalls(memory);
    const clockQueries = new ClockQueries(site, memory, extension, registration, scheduledCalls);
    const device = { site, registration, memory, extension, dmaBuffer, activations, scheduledCalls };
    const image = new DriverImage(device);
    const shared = { ...device, events, clockQueries, image, spinLocks };
    this.#memory = memory;
    this.#activations = activations;
    this.#extension = extension;
    this.#dmaBuffer = dmaBuffer;
    this.#scheduledCalls = scheduledCalls;
    this.#image = image;
    this.#calls = new MinidriverCalls(shared);
    this.#services = new MinidriverServices(shared);
    this.#segments = new Segments(
      {
        address: site.place.address,
        memory,
        states: activations.states,
        proxies: new MemoryProxies(routines),
        locks: new Locks(site, [], activations.names),
        lockNames: [],
        calls: [],
        probes: new Probes(),
        services: this.#services,
        // Where the minidriver does the locking, what is done without a lock has to show (D-016).
        splits: registration.TurnOffSynchronization,
      },
      activations.codes,
    );
  }

  begin(state: HostState): HostEnd {
    layOut(EXTENSION, laidRecord(this.#program.registration.DeviceExtension), this.#memory, state);
    if (this.#dmaBuffer) layOut(DMA_BUFFER, {}, this.#memory, state);
    return undefined;
  }

  receive(event: EventObject, state: HostState): HostEnd {
    this.#note(state);
    return this.#calls.receive(event as MinidriverMessage, state);
  }

  choices(state: StateReader): readonly number[] {
    return this.#activations.choices(state);
  }

  take(choice: number, state: HostState): HostEnd {
    this.#note(state);
    const activation = this.#activations.take(choice, state);
    const thread = this.#activations.at(activation, state);
    const [argument] = thread.args;
    const segment = this.#segments.segment(thread, state);
    this.#apply(segment, state);
    this.#activations.goOn(activation, segment.next, state);
    const end: HostEnd = segment.failure && { status: 'error', error: segment.failure.error };
    const finished = segment.next.phase === 'finished' && !segment.failure;
    const fault = finished ? this.#calls.returned(activation, argument, segment.result, state) : undefined;
    const left = this.#image.settle(state);
    forgetUnreachable(this.#memory, this.#remembered(state), state);
    return end ?? fault ?? left;
  }

  flaws(state: StateReader): readonly string[] {
    return this.#program.registration.TurnOffSynchronization
      ? callbackRaces(this.#activations, this.#segments, state)
      : [];
  }

  isAtRest(state: StateReader): boolean {
    return this.choices(state).length === 0;
  }

  takeOver(before: Host, state: StateReader, put: (slot: number, content: number) => void): void {
    invariant(before instanceof MinidriverHost, 'a host takes over from one of its kind');
    this.#activations.takeOver(before.#activations);
    this.#scheduledCalls.takeOver(before.#scheduledCalls);
    this.#memory.takeOver(before.#memory, state, put);
  }

  visited(): VisitedPoints {
    return this.#activations.visited();
  }

  threadOf(choice: number): number {
    return this.#activations.threadOf(choice);
  }

  processOf(choice: number): number {
    return this.#activations.slotOf(choice);
  }

  /** Whether it has a processor or not, each of them is about to touch what the host holds. */
  waits(state: StateReader, tell: (process: number, waiting: Waiting) => void): void {
    const writes = [this.#held];
    for (const { slot } of this.#activations.running(state)) tell(slot, { reads: [], writes });
  }

  choiceName(choice: number): string {
    return this.#activations.choiceName(choice);
  }

  /** A driver waits to be called. */
  isIdle(state: StateReader): boolean {
    return this.#activations.areOver(state);
  }

  choiceText(choice: number, state: StateReader): string {
    return this.#activations.choiceText(choice, state);
  }

  context(state: StateReader): unknown {
    return Object.freeze({
      HwDeviceExtension: this.#image.isDeleted(state)
        ? null
        : memoryView(this.#extension, this.#memory, state),
      activations: this.#activations.view(state),
      cancelled: Object.freeze(cancelledSrbs(this.#memory, state)),
    });
  }

  /** Nearly every step may let go of an object, or take one, and with that changes what others find: one cell is enough. */
  #note({ footprint }: HostState): void {
    footprint?.write(this.#held);
  }

  #apply({ effects }: KnownSegment, state: HostState): void {
    for (const { op, a, b } of effects) {
      if (op === ThreadOp.service) this.#services.carryOut(this.#segments.call(a), state);
      else if (op === ThreadOp.allocate) state.set(this.#memory.objectAt(a).slot, b);
      else if (op === ThreadOp.write) {
        const { slot } = this.#memory.write(a).object;
        if (state.valueAt(slot) !== 0) state.set(slot, this.#memory.after(state.valueAt(slot), a));
      }
    }
  }

  /** What the class driver and the activations hold on to: all else that nothing reaches is forgotten. */
  #remembered(state: StateReader): HeapObject[] {
    const held = this.#memory.objects.filter(
      (object) =>
        (isOwnedByClass(object) || eventEntryId(object) !== undefined) && state.valueAt(object.slot) !== 0,
    );
    const own = this.#dmaBuffer ? [this.#extension, this.#dmaBuffer] : [this.#extension];
    return [...own, ...this.#calls.kept(state), ...held, ...this.#activations.mentions(state)];
  }
}
