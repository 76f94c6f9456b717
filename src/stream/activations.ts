import { present } from '../kernel/invariant.js';
import { type HeapObject, isHeapObject, type MemoryValue } from '../routine/heapObject.js';
import type { ThreadDeclaration } from '../routine/program.js';
import { stepText, type ThreadState, ThreadStates } from '../routine/threadState.js';
import type { HostSite, HostState, VisitedPoints } from '../runtime/host.js';
import type { StateReader } from '../runtime/probes.js';
import { arrivalOf, irqlOf } from './callbackContext.js';
import { CallbackProcessors } from './callbackProcessors.js';
import type { AnyMinidriverRoutine } from './minidriverProgram.js';
import type { LockUser, SpinLocks } from './spinLocks.js';
import type { HW_INITIALIZATION_DATA } from './strmini.js';

/** What runs in an activation. */
export interface Callback {
  /** As the class driver calls it, e.g. `ReceiveDataPacket`. */
  readonly callback: string;
  /** The minidriver's own name of the function. */
  readonly routine: string;
  /** Of a scheduled routine, whose slot it came from; `null` for the device's. */
  readonly StreamObject?: string | null;
}

/** One place where a callback can be running: several of one callback can run at once. */
export interface Activation extends Callback {
  readonly number: number;
  readonly slot: number;
}

const NO_CHOICES: readonly number[] = [];

function isFor(place: Activation, what: Callback): boolean {
  const { callback, routine, StreamObject } = what;
  return place.callback === callback && place.routine === routine && place.StreamObject === StreamObject;
}

/** The callbacks of a minidriver that are under way: each is a thread in a place of its own. */
export class Activations {
  /** Names and codes, by number; they grow. */
  readonly names: string[] = [];
  readonly codes: ThreadDeclaration[] = [];
  readonly states: ThreadStates;
  readonly #site: HostSite;
  readonly #registration: HW_INITIALIZATION_DATA;
  readonly #routines: ReadonlyMap<string, AnyMinidriverRoutine>;
  readonly #spinLocks: SpinLocks;
  readonly #processors: CallbackProcessors | undefined;
  readonly #all: Activation[] = [];

  /** @param processors how many there are; as many as callbacks when it is `undefined` */
  constructor(
    site: HostSite,
    registration: HW_INITIALIZATION_DATA,
    routines: ReadonlyMap<string, AnyMinidriverRoutine>,
    spinLocks: SpinLocks,
    processors: number | undefined,
  ) {
    this.#site = site;
    this.#registration = registration;
    this.#routines = routines;
    this.#spinLocks = spinLocks;
    this.states = new ThreadStates(site, this.names);
    const isRunning = (number: number, state: StateReader): boolean =>
      state.valueAt(this.get(number).slot) !== 0;
    const levelOf = (number: number, state: StateReader): number =>
      spinLocks.levelOf(this.user(number), state);
    if (processors !== undefined)
      this.#processors = new CallbackProcessors(site, processors, isRunning, levelOf);
  }

  get(number: number): Activation {
    return present(this.#all[number], `there is an activation number ${number}`);
  }

  at({ slot }: Activation, state: StateReader): ThreadState {
    return this.states.get(state.valueAt(slot));
  }

  running(state: StateReader): readonly Activation[] {
    return this.#all.filter(({ slot }) => state.valueAt(slot) !== 0);
  }

  areOver(state: StateReader): boolean {
    for (const { slot } of this.#all) if (state.valueAt(slot) !== 0) return false;
    return true;
  }

  /** Begins a callback in its first place that is free. */
  begin(what: Callback, args: readonly MemoryValue[], state: HostState): void {
    const free = this.#all.find((place) => isFor(place, what) && state.valueAt(place.slot) === 0);
    const activation = free ?? this.#add(what);
    const start = this.states.intern(activation.number, 'start', args, [], undefined);
    start.visited = true;
    state.set(activation.slot, start.id);
  }

  /** After a segment of an activation: where it is now. */
  goOn({ slot }: Activation, next: ThreadState, state: HostState): void {
    next.visited = true;
    state.set(slot, next.phase === 'finished' ? 0 : next.id);
    this.#processors?.settle(state);
  }

  /** The ways in which the callbacks may step: see {@link take}. */
  choices(state: StateReader): readonly number[] {
    // In most states none is under way.
    if (this.areOver(state)) return NO_CHOICES;
    const able = this.#able(state);
    const processors = this.#processors;
    if (!processors) return able.map(({ number }) => number);
    return able.flatMap(({ number }) => processors.choices(number, state)).sort((a, b) => a - b);
  }

  /** Those whose next part may be under way: they can step, or were interrupted in it. */
  ahead(state: StateReader): readonly Activation[] {
    const processors = this.#processors;
    const isAhead = ({ number }: Activation): boolean =>
      !processors || processors.isSuspended(number, state) || processors.choices(number, state).length > 0;
    return this.#able(state).filter(isAhead);
  }

  /** Whether the next parts of two callbacks may be under way at once. */
  mayOverlap(a: number, b: number, state: StateReader): boolean {
    return this.#processors?.mayOverlap(a, b, state) ?? true;
  }

  /** A callback as locks know it. */
  user(number: number): LockUser {
    const name = present(this.names[number], `there is an activation number ${number}`);
    return { name, level: irqlOf(this.get(number).callback, this.#registration) };
  }

  /** Those that do not spin. */
  #able(state: StateReader): readonly Activation[] {
    return this.running(state).filter((activation) => {
      const { service, values = [] } = this.at(activation, state).operation ?? {};
      if (service !== 'KeAcquireSpinLock') return true;
      return !this.#spinLocks.isSpinning(values[0], this.user(activation.number), state);
    });
  }

  /** The activation that a choice lets step; it has its processor now. */
  take(choice: number, state: HostState): Activation {
    return this.get(this.#processors?.take(choice, state) ?? choice);
  }

  threadOf(choice: number): number {
    return this.#of(choice).number;
  }

  /** The slot in which the activation lies that a choice lets step. */
  slotOf(choice: number): number {
    return this.#of(choice).slot;
  }

  choiceName(choice: number): string {
    const { number } = this.#of(choice);
    return present(this.names[number], `there is an activation number ${number}`);
  }

  choiceText(choice: number, state: StateReader): string {
    return stepText(this.at(this.#of(choice), state));
  }

  /** What each of them is about to do, by name. */
  view(state: StateReader): object {
    const views = this.running(state).map((activation) => {
      const view = Object.freeze({ at: stepText(this.at(activation, state)) });
      return [this.names[activation.number] ?? '', view] as const;
    });
    return Object.freeze(Object.fromEntries(views));
  }

  /** A routine counts once, however many activations it had; one that was never called has not started. */
  visited(): VisitedPoints {
    const points = this.states.visited((number) => this.get(number).routine);
    const begun = new Set(this.#all.map(({ routine }) => routine));
    const never = [...this.#routines.keys()].flatMap((name) => (begun.has(name) ? [] : [`${name}: start`]));
    return { ...points, neverEntered: [...points.neverEntered, ...never].sort() };
  }

  /** The objects that they remember. */
  mentions(state: StateReader): readonly HeapObject[] {
    return this.running(state).flatMap((activation) =>
      this.at(activation, state).mentions.filter(isHeapObject),
    );
  }

  /** In the same order: an activation's number decides where its choice stands. */
  takeOver(before: Activations): void {
    for (const { number: _, slot: __, ...what } of before.#all) this.#add(what);
  }

  #of(choice: number): Activation {
    return this.get(this.#processors?.callbackOf(choice) ?? choice);
  }

  #add(what: Callback): Activation {
    const { callback, routine } = what;
    const before = this.#all.filter((a) => a.callback === callback).length;
    const name = before === 0 ? callback : `${callback}-${before + 1}`;
    const number = this.#all.length;
    const run = present(this.#routines.get(routine), `the minidriver has the routine ${routine}`);
    const activation = { ...what, number, slot: this.#site.slot('thread', name) };
    this.names.push(name);
    this.codes.push({ name, priority: 0, run: (...args) => run(...(args as never[])) });
    this.#all.push(activation);
    const level = irqlOf(callback, this.#registration);
    this.#processors?.add(arrivalOf(callback, level));
    return activation;
  }
}
