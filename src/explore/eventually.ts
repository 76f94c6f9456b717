import { Answers } from '../property/answers.js';
import type { StateProperty } from '../property/property.js';
import { asChoice, type Choice } from '../runtime/choice.js';
import { intAt } from '../runtime/ints.js';
import { PairMap } from '../runtime/pairMap.js';
import { NO_STEP } from '../runtime/stepLabels.js';
import type { World } from '../runtime/world.js';
import { Ancestry } from './ancestry.js';
import { atArrival } from './arrival.js';
import { fairLoop } from './fairLoop.js';
import { type Chunk, Frontier, TRAILER, Trailer } from './frontier.js';
import { openOffers } from './openOffers.js';
import { Processes } from './processes.js';
import { ask, LastStepRead, type Place } from './propertyFailure.js';
import { StateGraph } from './stateGraph.js';
import type { SearchLimits } from './strategy.js';

/** A property of the kind that {@link EventuallySearch} decides. */
export type Eventuality = Pick<StateProperty, 'name' | 'predicate'>;

/** How the search for a run that never passes a state ended. */
export type EventuallyEnd = { readonly kind: 'exhausted' | 'states' | 'depth' } | Endless;

/** A run that ends quiescent; or, with `loopAt`, goes round for ever from that many steps on. */
export interface Endless {
  readonly kind: 'violated';
  readonly path: readonly Choice[];
  readonly loopAt?: number;
  readonly message: string;
}

/** What is wrong with a run that never comes to what it must come to, and goes round for ever. */
export const NEVER_AND_LOOPS = 'the run never comes to it and goes round for ever';

/** What is wrong with a run that has not come to what it must come to when it is quiescent; the stepper has turned to that state. */
export function neverAndEnds(world: World): string {
  const open = openOffers(world);
  return open === ''
    ? 'the run never comes to it and ends'
    : `the run has not come to it when nothing must happen any more (${open} may)`;
}

/** Where steps lead that meet the property: no state has this number. */
const MET = 2 ** 31 - 1;

/** Steps between two turns of the caller's. */
const TURN = 256;

/**
 * Looks for a maximal fair run that never passes a state where a property holds (architecture 4.6), in the whole graph of the
 * states without it that are reached through such states; nothing is reduced, and no bit is added to a state.
 *
 * Walk through: {@link EventuallySearch.run} goes breadth first and keeps every step in a {@link StateGraph}; the first state
 * that is quiescent ends a shortest run. If there is none it looks for a {@link fairLoop}.
 *
 * A property that reads `lastStep` is met by a step and not by a state: a step that meets it is kept, for its process is enabled,
 * but leads nowhere; the state behind it counts only if another step leads there too.
 *
 * Memory: about 50 bytes a state, 12 a step.
 */
export class EventuallySearch {
  readonly #world: World;
  readonly #property: string;
  readonly #answers: Answers;
  readonly #limits: SearchLimits;
  readonly #watchesSteps: boolean;
  readonly #numbers = new PairMap();
  readonly #ancestry = new Ancestry();
  readonly #graph = new StateGraph();
  readonly #processes: Processes;
  readonly #frontier = new Frontier('bfs');
  #isCut = false;

  /** @param watchesSteps whether the property reads `lastStep`: it is then asked after each step */
  constructor(world: World, { name, predicate }: Eventuality, limits: SearchLimits, watchesSteps = false) {
    this.#world = world;
    this.#property = name;
    this.#answers = new Answers(world, name, predicate);
    this.#limits = limits;
    this.#watchesSteps = watchesSteps;
    world.stepper.labelsAll = watchesSteps;
    this.#processes = new Processes(world);
  }

  /** The choices that lead to a state. */
  pathTo(state: number): Choice[] {
    return this.#ancestry.path(state);
  }

  /** The state that has its turn. */
  get state(): number {
    return this.#graph.size - 1;
  }

  /**
   * Searches; gives the word now and then.
   *
   * @throws LastStepRead when the property reads `lastStep` and is not asked after each step
   */
  *run(): Generator<void, EventuallyEnd, void> {
    this.#begin();
    let taken = 0;
    for (let chunk = this.#frontier.take(); chunk && !this.#isFull; chunk = this.#frontier.take()) {
      for (let row = 0; row < chunk.rows && !this.#isFull; row++) {
        const isEnd = this.#look(chunk, row * (chunk.width + TRAILER));
        if (isEnd)
          return { kind: 'violated', path: this.pathTo(this.state), message: neverAndEnds(this.#world) };
        taken += this.#world.finder.choices.length;
        if (taken < TURN) continue;
        taken = 0;
        yield;
      }
    }
    const loop = yield* fairLoop(this.#graph, this.#processes.count);
    if (!loop) return { kind: this.#isFull ? 'states' : this.#isCut ? 'depth' : 'exhausted' };
    const stem = this.pathTo(loop.entry);
    return {
      kind: 'violated',
      path: [...stem, ...loop.choices],
      loopAt: stem.length,
      message: NEVER_AND_LOOPS,
    };
  }

  get #isFull(): boolean {
    return this.#ancestry.size > this.#limits.states;
  }

  #begin(): void {
    const { cells, fingerprint } = this.#world.initial;
    const [first, second] = fingerprint;
    this.#numbers.set(first, second, this.#ancestry.add(0, 0));
    const chunk = this.#frontier.room(cells.length);
    chunk.cells.set([...cells, first, second, 0, 0]);
    chunk.rows = 1;
  }

  /** Gives a state its turn. Returns whether a run may end there without having passed what it must. */
  #look({ cells, width }: Chunk, at: number): boolean {
    const { stepper, finder } = this.#world;
    this.#graph.next();
    stepper.begin(cells, at, width);
    const isAsked = !this.#watchesSteps || this.state === 0;
    if (isAsked && this.#isMet({ state: this.state }, NO_STEP)) return false;
    finder.find();
    if (!finder.owed) return true;
    if (intAt(cells, at + width + Trailer.depth) >= this.#limits.depth) this.#isCut = true;
    else this.#expand(cells, width, at);
    return false;
  }

  #isMet(place: Place, lastStep: number): boolean {
    const isMet = ask(this.#property, this.#answers, place, lastStep);
    if (this.#answers.readsLastStep && !this.#watchesSteps) throw new LastStepRead(this.#property);
    return isMet;
  }

  #expand(cells: Int32Array, width: number, at: number): void {
    const { stepper, finder } = this.#world;
    const first = intAt(cells, at + width + Trailer.first);
    const second = intAt(cells, at + width + Trailer.second);
    const depth = intAt(cells, at + width + Trailer.depth) + 1;
    for (let i = 0; i < finder.choices.length; i++) {
      const choice = asChoice(finder.choices.at(i));
      const process = this.#processes.of(choice);
      stepper.changes.forget();
      stepper.take(choice);
      const a = first ^ stepper.changes.first;
      const b = second ^ stepper.changes.second;
      const { start, end } = stepper.changes;
      const isMet = (lastStep: number): boolean => this.#isMet({ state: this.state, choice }, lastStep);
      if (this.#watchesSteps && atArrival(this.#world, isMet)) {
        this.#graph.add(MET, process, choice);
        continue;
      }
      let target = this.#numbers.get(a, b);
      if (target === -1) {
        target = this.#ancestry.add(this.state, choice);
        this.#numbers.set(a, b, target);
        this.#wait(cells.subarray(at, at + width), start, end, [a, b, target, depth]);
      }
      this.#graph.add(target, process, choice);
    }
  }

  /** Puts a state into the frontier: the one before the step, with the changes in that part of the log. */
  #wait(before: Int32Array, start: number, end: number, trailer: readonly number[]): void {
    const { changes, width } = this.#world.stepper;
    const chunk = this.#frontier.room(width);
    const at = chunk.rows++ * (width + TRAILER);
    chunk.cells.fill(0, at, at + width);
    chunk.cells.set(before, at);
    for (let i = start; i < end; i += 2) chunk.cells[at + intAt(changes.log, i)] = intAt(changes.log, i + 1);
    chunk.cells.set(trailer, at + width);
  }
}
