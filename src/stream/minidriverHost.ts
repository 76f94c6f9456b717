import { invariant, present } from '../kernel/invariant.js';
import { type HeapObject, isHeapObject, type MemoryValue, RoutineName } from '../routine/heapObject.js';
import { Locks } from '../routine/locks.js';
import { Memory } from '../routine/memory.js';
import { MemoryProxies } from '../routine/memoryProxy.js';
import { memoryView } from '../routine/memoryView.js';
import type { ThreadDeclaration } from '../routine/program.js';
import { forgetUnreachable } from '../routine/reachability.js';
import { ThreadOp } from '../routine/segment.js';
import { type KnownSegment, Segments } from '../routine/segments.js';
import { stepText, type ThreadState, ThreadStates } from '../routine/threadState.js';
import type { Host, HostEnd, HostSite, HostState } from '../runtime/host.js';
import { Probes, type StateReader } from '../runtime/probes.js';
import type { EventObject } from '../runtime/vocabulary.js';
import { CallbackProcessors } from './callbackProcessors.js';
import { cellOf, laidRecord, layOut } from './deviceMemory.js';
import { irqlOf } from './irql.js';
import type { MinidriverMessage, ReceivePacket } from './messages.js';
import { eventEntryId, MinidriverEvents } from './minidriverEvents.js';
import {
  type AnyMinidriverRoutine,
  type MinidriverProgram,
  registeredRoutines,
} from './minidriverProgram.js';
import { MinidriverServices } from './minidriverServices.js';
import { isOwnedByClass, laySrb, layStream, srbId, srbName, streamName } from './srbMemory.js';
import { TimeoutCounters } from './timeoutCounters.js';

const EXTENSION = 'HwDeviceExtension';

/** One place where a callback can be running: several of one callback can run at once. */
interface Activation {
  readonly number: number;
  readonly slot: number;
  /** The callback as the class driver calls it, e.g. `ReceiveDataPacket`. */
  readonly callback: string;
  /** The minidriver's own name of the function. */
  readonly routine: string;
}

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
  readonly #states: ThreadStates;
  readonly #segments: Segments;
  readonly #events: MinidriverEvents;
  readonly #services: MinidriverServices;
  readonly #extension: HeapObject;
  readonly #timeouts: TimeoutCounters;
  readonly #processors: CallbackProcessors | undefined;
  readonly #activations: Activation[] = [];
  /** Names and codes of activations, by number; they grow with the activations. */
  readonly #names: string[] = [];
  readonly #codes: ThreadDeclaration[] = [];
  readonly #routines: ReadonlyMap<string, AnyMinidriverRoutine>;

  /** @param processors how many there are; as many as callbacks when it is `undefined` */
  constructor(site: HostSite, program: MinidriverProgram, processors: number | undefined) {
    this.#site = site;
    this.#program = program;
    this.#memory = new Memory(site);
    this.#routines = new Map([...Object.entries(program.routines), ...registeredRoutines(program)]);
    const isRunning = (number: number, state: StateReader): boolean =>
      state.valueAt(this.#activation(number).slot) !== 0;
    if (processors !== undefined) this.#processors = new CallbackProcessors(site, processors, isRunning);
    this.#states = new ThreadStates(site, this.#names);
    this.#extension = this.#memory.object(EXTENSION, false);
    const isSynchronized = !program.registration.TurnOffSynchronization;
    this.#events = new MinidriverEvents(site, this.#memory, this.#extension, isSynchronized);
    this.#services = new MinidriverServices(site, this.#memory, this.#events);
    this.#timeouts = new TimeoutCounters(this.#memory);
    this.#segments = new Segments(
      {
        address: site.place.address,
        memory: this.#memory,
        states: this.#states,
        proxies: new MemoryProxies(this.#routines),
        locks: new Locks(site, [], this.#names),
        lockNames: [],
        calls: [],
        probes: new Probes(),
        services: this.#services,
        splits: false,
      },
      this.#codes,
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
        this.#begin('HwInterrupt', 'HwInterrupt', [this.#extension], state);
        return undefined;
      case 'HwEventRoutine': {
        const descriptor = this.#events.layDescriptor(message.event, state);
        this.#begin(message.type, message.routine, [descriptor], state);
        return undefined;
      }
      case 'DecrementTimeoutCounters':
        this.#tick(state);
        return undefined;
      case 'HwCancelPacket':
      case 'HwRequestTimeoutHandler':
        this.#callFor(message.type, message.srb.id, state);
        return undefined;
      default:
        return this.#receivePacket(message, state);
    }
  }

  choices(state: StateReader): readonly number[] {
    const running = this.#activations.filter(({ slot }) => state.valueAt(slot) !== 0);
    const processors = this.#processors;
    if (!processors) return running.map(({ number }) => number);
    return running.flatMap(({ number }) => processors.choices(number, state)).sort((a, b) => a - b);
  }

  take(choice: number, state: HostState): HostEnd {
    const activation = this.#activation(this.#processors?.take(choice, state) ?? choice);
    const [argument] = this.#at(activation, state).args;
    const segment = this.#segments.segment(this.#at(activation, state), state);
    this.#apply(segment, state);
    const finished = segment.next.phase === 'finished';
    state.set(activation.slot, finished ? 0 : segment.next.id);
    if (finished && activation.callback === 'HwEventRoutine' && isHeapObject(argument))
      this.#events.returned(argument, segment.result, state);
    this.#processors?.settle(state);
    forgetUnreachable(this.#memory, this.#remembered(state), state);
    if (segment.failure) return { status: 'error', error: segment.failure.error };
    if (finished) this.#returned(activation.callback, argument, segment.result, state);
    return undefined;
  }

  isAtRest(state: StateReader): boolean {
    return this.choices(state).length === 0;
  }

  takeOver(before: Host, state: StateReader, put: (slot: number, content: number) => void): void {
    invariant(before instanceof MinidriverHost, 'a host takes over from one of its kind');
    // In the same order: an activation's number decides where its choice stands.
    for (const { callback, routine } of before.#activations) this.#addActivation(callback, routine);
    this.#memory.takeOver(before.#memory, state, put);
  }

  choiceName(choice: number): string {
    const number = this.#processors?.callbackOf(choice) ?? choice;
    return present(this.#names[number], `there is an activation number ${number}`);
  }

  /** A driver waits to be called. */
  isIdle(state: StateReader): boolean {
    return this.#activations.every(({ slot }) => state.valueAt(slot) === 0);
  }

  choiceText(choice: number, state: StateReader): string {
    const number = this.#processors?.callbackOf(choice) ?? choice;
    return stepText(this.#at(this.#activation(number), state));
  }

  context(state: StateReader): unknown {
    const running = this.#activations.filter(({ slot }) => state.valueAt(slot) !== 0);
    const activations = running.map((activation) => {
      const view = Object.freeze({ at: stepText(this.#at(activation, state)) });
      return [this.#names[activation.number] ?? '', view] as const;
    });
    return Object.freeze({
      HwDeviceExtension: memoryView(this.#extension, this.#memory, state),
      activations: Object.freeze(Object.fromEntries(activations)),
    });
  }

  /** DriverEntry: registers with the class driver and returns its status. */
  #register(state: HostState): void {
    const { TurnOffSynchronization, HwInterrupt } = this.#program.registration;
    const data = { TurnOffSynchronization, HwInterrupt: HwInterrupt !== undefined };
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
      this.#begin(type, type, [object], state);
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
    this.#begin(type, routine.name, [object], state);
    return undefined;
  }

  /** A second is over: class code over device memory, while nobody is inside (D-052, D-057). */
  #tick(state: HostState): void {
    const { expired, isAnyTimed } = this.#timeouts.decrement(state);
    this.#tell('watchdog', { type: 'TimeoutCountersDecremented', isAnyTimed }, state);
    this.#returned('DecrementTimeoutCounters', undefined, expired, state);
  }

  /**
   * Calls a routine for an SRB, if the minidriver still owns it: that is asked here, under the lock, for a completion may have
   * come first (D-044). Nobody is called who is not registered.
   */
  #callFor(callback: string, id: string, state: HostState): void {
    const srb = this.#memory.object(srbName(id), false);
    const isOwned = state.valueAt(srb.slot) !== 0;
    if (isOwned && this.#routines.has(callback)) this.#begin(callback, callback, [srb], state);
    else this.#returned(callback, srb, undefined, state);
  }

  /** Begins an activation in the first place of its routine that is free. */
  #begin(callback: string, routine: string, args: readonly MemoryValue[], state: HostState): void {
    const free = this.#activations.find(
      (a) => a.callback === callback && a.routine === routine && state.valueAt(a.slot) === 0,
    );
    const activation = free ?? this.#addActivation(callback, routine);
    state.set(activation.slot, this.#states.intern(activation.number, 'start', args, [], undefined).id);
  }

  #addActivation(callback: string, routine: string): Activation {
    const before = this.#activations.filter((a) => a.callback === callback).length;
    const name = before === 0 ? callback : `${callback}-${before + 1}`;
    const number = this.#activations.length;
    const run = present(this.#routines.get(routine), `the minidriver has the routine ${routine}`);
    const activation = { number, slot: this.#site.slot('thread', name), callback, routine };
    this.#names.push(name);
    this.#codes.push({ name, priority: 0, run: (...args) => run(...(args as never[])) });
    this.#activations.push(activation);
    this.#processors?.add(irqlOf(callback, this.#program.registration));
    return activation;
  }

  #activation(number: number): Activation {
    return present(this.#activations[number], `there is an activation number ${number}`);
  }

  /** Tells who called, and the watchdog when there is something to watch now. */
  #returned(callback: string, argument: MemoryValue, result: unknown, state: HostState): void {
    const srb = isHeapObject(argument) ? srbId(argument) : undefined;
    const about = { ...(srb === undefined ? {} : { srb }), ...(result === undefined ? {} : { result }) };
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

  #at({ slot }: Activation, state: StateReader): ThreadState {
    return this.#states.get(state.valueAt(slot));
  }

  /** What the class driver and the activations hold on to: all else that nothing reaches is forgotten. */
  #remembered(state: StateReader): HeapObject[] {
    const held = this.#memory.objects.filter(
      (object) =>
        (isOwnedByClass(object) || eventEntryId(object) !== undefined) && state.valueAt(object.slot) !== 0,
    );
    const running = this.#activations.filter(({ slot }) => state.valueAt(slot) !== 0);
    const mentioned = running.flatMap((activation) => this.#at(activation, state).mentions);
    return [this.#extension, ...this.#timeouts.kept(state), ...held, ...mentioned.filter(isHeapObject)];
  }
}
