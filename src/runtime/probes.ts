import { present } from '../kernel/invariant.js';
import type { ActorIndex } from './actors.js';
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

/** A question that running code may ask of the world; the answer is an integer that stands for everything the code sees. */
export interface Probe {
  readonly number: number;
  /** Names the question; equal keys, equal questions. */
  readonly key: string;
  answer(state: StateReader): number;
}

/** All questions ever asked: memo entries name them by number. */
export class Probes {
  readonly #all: Probe[] = [];
  readonly #byKey = new Map<string, Probe>();

  get(number: number): Probe {
    return present(this.#all[number], `there is a probe number ${number}`);
  }

  intern(key: string, answer: (state: StateReader) => number): Probe {
    let probe = this.#byKey.get(key);
    if (!probe) {
      probe = { number: this.#all.length, key, answer };
      this.#all.push(probe);
      this.#byKey.set(key, probe);
    }
    return probe;
  }
}
