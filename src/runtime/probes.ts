import { present } from '../kernel/invariant.js';
import type { ActorIndex } from './actors.js';
import type { CellId } from './cells.js';
import type { ContentId } from './contents.js';

/** The world as a step sees it while it runs. */
export interface StateReader {
  /** The content of a slot now. */
  valueAt(slot: number): ContentId;
  /** The snapshot at an address now, changes of this step included; 0 when nobody is there. */
  snapshotAt(actor: ActorIndex): ContentId;
  /** Whether an address is taken, or mentioned anywhere, before this step or now. */
  isMentioned(actor: ActorIndex): boolean;
}

/**
 * What the answer depends on when it is a look at one actor's snapshot, so that a step can be remembered with it.
 * `content`: the answer is the snapshot. `holder`: it is the actor's index plus one as long as the actor runs.
 */
export interface Glance {
  readonly kind: 'content' | 'holder';
  readonly actor: ActorIndex;
}

/** A cell that the answer to a question depends on (see `Footprint`). */
export type Look =
  | { readonly at: 'snapshot'; readonly actor: ActorIndex }
  | { readonly at: 'name'; readonly name: string }
  | { readonly at: 'mention'; readonly family: string }
  | { readonly at: 'hosted'; readonly cell: CellId };

/** A question that running code may ask of the world; the answer is an integer that stands for everything the code sees. */
export interface Probe {
  readonly number: number;
  /** Names the question; equal keys, equal questions. */
  readonly key: string;
  answer(state: StateReader): number;
  /** All that the answer depends on. */
  readonly looks: readonly Look[];
  readonly glance?: Glance | undefined;
}

/** A question and the answer that a run was given. */
export interface Read {
  readonly probe: Probe;
  readonly answer: number;
}

/** All questions ever asked: memo entries name them by number. */
export class Probes {
  readonly #all: Probe[] = [];
  readonly #byKey = new Map<string, Probe>();

  get(number: number): Probe {
    return present(this.#all[number], `there is a probe number ${number}`);
  }

  /** The question with a key; `undefined` when it was never asked. */
  find(key: string): Probe | undefined {
    return this.#byKey.get(key);
  }

  intern(
    key: string,
    looks: readonly Look[],
    answer: (state: StateReader) => number,
    glance?: Glance,
  ): Probe {
    let probe = this.#byKey.get(key);
    if (!probe) {
      probe = { number: this.#all.length, key, looks, answer, glance };
      this.#all.push(probe);
      this.#byKey.set(key, probe);
    }
    return probe;
  }
}
