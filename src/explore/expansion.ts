import { asChoice, type Choice } from '../runtime/choice.js';
import { SUCCESSOR_BITS, Successor, Successors } from '../runtime/successors.js';
import type { World } from '../runtime/world.js';
import { atArrival } from './arrival.js';
import type { Claims, Finding } from './claims.js';
import type { Findings } from './findings.js';
import type { FingerprintBits } from './fingerprintSet.js';
import { type Chunk, Trailer } from './frontier.js';

// V8 compiles a module's own constants into its code; what a module imports it looks up, and checks, at each use.
const ROW = SUCCESSOR_BITS;
const { first: OWN_FIRST, second: OWN_SECOND } = Trailer;

/** How many successors a batch may hold; no state may have more. */
export const BATCH = 4096;

/**
 * Takes steps from the state that a world's stepper has turned to and its finder has looked at, and puts where they lead into a
 * batch. What is wrong with a step is found here.
 */
export class Expansion {
  readonly batch = new Successors(BATCH);
  readonly #world: World;
  readonly #claims: Claims;
  readonly #findings: Findings;
  readonly #pathTo: (state: number) => readonly Choice[];
  readonly #isWide: boolean;

  /** @param pathTo tells the choices that lead to a state */
  constructor(
    world: World,
    claims: Claims,
    findings: Findings,
    pathTo: (state: number) => readonly Choice[],
    bits: FingerprintBits,
  ) {
    this.#world = world;
    this.#claims = claims;
    this.#findings = findings;
    this.#pathTo = pathTo;
    this.#isWide = bits === 128;
  }

  /** Takes all steps from the state at a place. */
  takeAll(chunk: Chunk, at: number, number: number): void {
    const { choices } = this.#world.finder;
    const count = choices.length;
    const { watchesSteps } = this.#claims;
    for (let i = 0; i < count; i++) {
      const choice = asChoice(choices.at(i));
      this.take(number, choice);
      this.record(chunk, at, choice);
      if (watchesSteps) this.#lookAtArrival(number, choice);
    }
  }

  /** Takes a step, and says what is wrong with it. */
  take(number: number, choice: Choice): void {
    const { stepper } = this.#world;
    stepper.take(choice);
    if (stepper.threw || stepper.firstRuns.length > 0 || this.#claims.overflows)
      this.#report(number, choice, this.#claims.lookAtStep());
  }

  /** Puts the step that was just taken into the batch. */
  record({ cells, width }: Chunk, at: number, choice: Choice): void {
    const { changes } = this.#world.stepper;
    const { batch } = this;
    const { rows } = batch;
    const row = batch.count++ << ROW;
    rows[row + Successor.first] = (cells[at + width + OWN_FIRST] ?? 0) ^ changes.first;
    rows[row + Successor.second] = (cells[at + width + OWN_SECOND] ?? 0) ^ changes.second;
    if (this.#isWide) {
      rows[row + Successor.third] = changes.wordBefore(2) ^ changes.word(2);
      rows[row + Successor.fourth] = changes.wordBefore(3) ^ changes.word(3);
    } else rows[row + Successor.asleep] = 0;
    rows[row + Successor.parent] = at;
    rows[row + Successor.choice] = choice;
    rows[row + Successor.changesStart] = changes.start;
    rows[row + Successor.changesEnd] = changes.end;
  }

  /** Looks at the state that a step has just led to, and turns back to the one before it. */
  #lookAtArrival(number: number, choice: Choice): void {
    const place = { state: number, choice };
    const findings = atArrival(this.#world, (lastStep) => this.#claims.lookAtArrival(place, lastStep));
    this.#report(number, choice, findings);
  }

  #report(number: number, choice: Choice, findings: readonly Finding[]): void {
    if (findings.length > 0) this.#findings.ofStep(findings, [...this.#pathTo(number), choice]);
  }
}
