import { invariant } from '../kernel/invariant.js';
import { type HeapObject, isHeapObject, type MemoryValue, RoutineName } from '../routine/heapObject.js';
import { Locks } from '../routine/locks.js';
import { Memory } from '../routine/memory.js';
import { MemoryProxies } from '../routine/memoryProxy.js';
import { memoryView } from '../routine/memoryView.js';
import { forgetUnreachable } from '../routine/reachability.js';
import { ThreadOp } from '../routine/segment.js';
import { type KnownSegment, Segments } from '../routine/segments.js';
import type { Host, HostEnd, HostSite, HostState, VisitedPoints } from '../runtime/host.js';
import { Probes, type StateReader } from '../runtime/probes.js';
import type { EventObject } from '../runtime/vocabulary.js';
import { Activations, type Callback } from './activations.js';
import { isAwaited } from './callbackContext.js';
import type { MinidriverMessage, ReceivePacket } from './callMessages.js';
import { cellOf, laidRecord, layOut } from './deviceMemory.js';
import { eventEntryId, MinidriverEvents } from './minidriverEvents.js';
import {
  type AnyMinidriverRoutine,
  type MinidriverProgram,
  registeredRoutines,
} from './minidriverProgram.js';
import { MinidriverServices } from './minidriverServices.js';
import { ScheduledCalls } from './scheduledCalls.js';
import { isOwnedByClass, laySrb, layStream, srbId, srbName, streamName } from './srbMemory.js';
import { TimeoutCounters } from './timeoutCounters.js';

const EXTENSION = 'HwDeviceExtension';

/**
 * Hosts a minidriver (architecture 5.2): its callbacks run as threads over device memory, its DDI calls become messages to the
 * class driver and bus cycles of the hardware.
 *
 * Walk through: {@link receive} gets a callback's name and its SRB from the synchronizer, lays the SRB out in memory (class to
 * minidriver, A-060) and begins an *activation*. {@link take} runs its next segment; what the segment calls is carried out by
 * {@link MinidriverServices}. When an activation returns, whoever called is told.
 */
export class MinidriverHost implements Host {
  readonly #site: HostSite;
  readonly #program: MinidriverProgram;
  readonly #memory: Memory;
  readonly #activations: Activations;
  readonly #segments: Segments;
  readonly #events: MinidriverEvents;
  readonly #scheduledCalls: ScheduledCalls;
  readonly #services: MinidriverServices;
  readonly #extension: HeapObject;
  readonly #timeouts: TimeoutCounters;
  readonly #routines: ReadonlyMap<string, AnyMinidriverRoutine>;

  /** @param processors how many there are; as many as callbacks when it is `undefined` */
  constructor(site: HostSite, program: MinidriverProgram, processors: number | undefined) {
    this.#site = site;
    this.#program = program;
    this.#memory = new Memory(site);
    this.#routines = new Map([...Object.entries(program.routines), ...registeredRoutines(program)]);
    this.#activations = new Activations(site, program.registration, this.#routines, processors);
    this.#extension = this.#memory.object(EXTENSION, false);
    const isSynchronized = !program.registration.TurnOffSynchronization;
    this.#events = new MinidriverEvents(site, this.#memory, this.#extension, isSynchronized);
    this.#scheduledCalls = new ScheduledCalls(this.#memory);
    this.#services = new MinidriverServices(
      site,
      this.#memory,
      this.#events,
      this.#scheduledCalls,
      program.registration,
      (thread) => this.#activations.get(thread).callback,
    );
    this.#timeouts = new TimeoutCounters(this.#memory);
    this.#segments = new Segments(
      {
        address: site.place.address,
        memory: this.#memory,
        states: this.#activations.states,
        proxies: new MemoryProxies(this.#routines),
        locks: new Locks(site, [], this.#activations.names),
        lockNames: [],
        calls: [],
        probes: new Probes(),
        services: this.#services,
        splits: false,
      },
      this.#activations.codes,
    );
  }

  begin(state: HostState): HostEnd {
    layOut(EXTENSION, laidRecord(this.#program.registration.DeviceExtension), this.#memory, state);
    return undefined;
  }

  receive(event: EventObject, state: HostState): HostEnd {
    const message = event as MinidriverMessage;
    switch (message.type) {
      case 'DriverEntry':
        this.#register(state);
        return undefined;
      case 'HwInterrupt':
        this.#activations.begin(
          { callback: 'HwInterrupt', routine: 'HwInterrupt' },
          [this.#extension],
          state,
        );
        return undefined;
      case 'HwEventRoutine': {
        const descriptor = this.#events.layDescriptor(message.event, state);
        this.#activations.begin({ callback: message.type, routine: message.routine }, [descriptor], state);
        return undefined;
      }
      case 'DecrementTimeoutCounters':
        this.#tick(state);
        return undefined;
      case 'TimerRoutine':
      case 'HighPriorityRoutine':
      case 'DispatchPriorityRoutine':
      case 'LowPriorityRoutine': {
        const { routine, context } = this.#scheduledCalls.enter(message.call, state);
        this.#activations.begin(
          { callback: message.type, routine, StreamObject: message.StreamObject },
          [context],
          state,
        );
        return undefined;
      }
      case 'HwCancelPacket':
      case 'HwRequestTimeoutHandler':
        this.#callFor(message.type, message.srb.id, state);
        return undefined;
      default:
        return this.#receivePacket(message, state);
    }
  }

  choices(state: StateReader): readonly number[] {
    return this.#activations.choices(state);
  }

  take(choice: number, state: HostState): HostEnd {
    const activation = this.#activations.take(choice, state);
    const thread = this.#activations.at(activation, state);
    const [argument] = thread.args;
    const segment = this.#segments.segment(thread, state);
    this.#apply(segment, state);
    this.#activations.goOn(activation, segment.next, state);
    const finished = segment.next.phase === 'finished';
    if (finished && activation.callback === 'HwEventRoutine' && isHeapObject(argument))
      this.#events.returned(argument, segment.result, state);
    forgetUnreachable(this.#memory, this.#remembered(state), state);
    if (segment.failure) return { status: 'error', error: segment.failure.error };
    if (finished) this.#returned(activation, argument, segment.result, state);
    return undefined;
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
      HwDeviceExtension: memoryView(this.#extension, this.#memory, state),
      activations: this.#activations.view(state),
    });
  }

  /** DriverEntry: registers with the class driver and returns its status. */
  #register(state: HostState): void {
    const { TurnOffSynchronization, HwInterrupt, BusMasterDMA = false } = this.#program.registration;
    const data = { TurnOffSynchronization, HwInterrupt: HwInterrupt !== undefined, BusMasterDMA };
    this.#tell('classDriver', { type: 'StreamClassRegisterMinidriver', data }, state);
    this.#tell(
      'classDriver',
      { type: 'CallbackReturned', callback: 'DriverEntry', result: 'STATUS_SUCCESS' },
      state,
    );
  }

  #receivePacket({ type, srb }: ReceivePacket, state: HostState): HostEnd {
    layStream(srb, this.#extension, this.#memory, state);
    const object = laySrb(srb, this.#extension, this.#memory, state);
    if (type === 'HwReceivePacket') {
      this.#activations.begin({ callback: type, routine: type }, [object], state);
      return undefined;
    }
    const stream = this.#memory.object(streamName(srb.StreamObject), false);
    const routine = cellOf(stream, type, this.#memory, state);
    if (!(routine instanceof RoutineName)) {
      return {
        status: 'error',
        error: new Error(`SRB_OPEN_STREAM left ${type} of ${srb.StreamObject} empty (A-070)`),
      };
    }
    this.#activations.begin({ callback: type, routine: routine.name }, [object], state);
    return undefined;
  }

  /** A second is over: class code over device memory, while nobody is inside (D-052, D-057). */
  #tick(state: HostState): void {
    const { expired, isAnyTimed } = this.#timeouts.decrement(state);
    this.#tell('watchdog', { type: 'TimeoutCountersDecremented', isAnyTimed }, state);
    this.#returned({ callback: 'DecrementTimeoutCounters' }, undefined, expired, state);
  }

  /**
   * Calls a routine for an SRB, if the minidriver still owns it: that is asked here, under the lock, for a completion may have
   * come first (D-044). Nobody is called who is not registered.
   */
  #callFor(callback: string, id: string, state: HostState): void {
    const srb = this.#memory.object(srbName(id), false);
    const isOwned = state.valueAt(srb.slot) !== 0;
    if (isOwned && this.#routines.has(callback))
      this.#activations.begin({ callback: callback, routine: callback }, [srb], state);
    else this.#returned({ callback }, srb, undefined, state);
  }

  /** Tells who called, and the watchdog when there is something to watch now. */
  #returned(
    { callback, StreamObject }: Pick<Callback, 'callback' | 'StreamObject'>,
    argument: MemoryValue,
    result: unknown,
    state: HostState,
  ): void {
    const srb = isHeapObject(argument) ? srbId(argument) : undefined;
    const about = {
      ...(srb === undefined ? {} : { srb }),
      ...(StreamObject === undefined ? {} : { StreamObject }),
      ...(result === undefined ? {} : { result }),
    };
    if (isAwaited(callback, this.#program.registration))
      this.#tell('synchronizer', { type: 'CallbackReturned', callback, ...about }, state);
    if (this.#timeouts.beginsToCount(state)) this.#tell('watchdog', { type: 'SrbTimed' }, state);
  }

  #tell(systemId: string, event: EventObject & Record<string, unknown>, state: HostState): void {
    const to = this.#site.lookUp(systemId, state);
    if (to !== undefined) state.send(to, event);
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
    return [
      this.#extension,
      ...this.#timeouts.kept(state),
      ...this.#scheduledCalls.kept(state),
      ...held,
      ...this.#activations.mentions(state),
    ];
  }
}
