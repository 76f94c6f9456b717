import { present } from '../kernel/invariant.js';
import type { ActorIndex } from './actors.js';
import { type ContentId, type Contents, Fact, Trait } from './contents.js';
import { Ints } from './ints.js';

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
 * How most questions are answered without calling anything: from one actor's snapshot. `snapshot`: the answer is its content;
 * `holder`: it is the actor's index plus one if the actor runs, else the question must be asked.
 */
export interface Glance {
  readonly kind: 'snapshot' | 'holder';
  readonly actor: ActorIndex;
}

const GlanceKind = { none: 0, snapshot: 1, holder: 2 } as const;

/** A question that running code may ask of the world; the answer is an integer that stands for everything the code sees. */
export interface Probe {
  readonly number: number;
  /** Names the question; equal keys, equal questions. */
  readonly key: string;
  answer(state: StateReader): number;
}

/** All questions ever asked: memo entries name them by number. */
export class Probes {
  readonly #contents: Contents | undefined;
  readonly #all: Probe[] = [];
  /** The glance of each probe: kind and actor. */
  readonly #glances = new Ints();
  readonly #byKey = new Map<string, Probe>();

  /** @param contents where the snapshots are that probes glance at; without them every question is asked */
  constructor(contents?: Contents) {
    this.#contents = contents;
  }

  get(number: number): Probe {
    return present(this.#all[number], `there is a probe number ${number}`);
  }

  /** Asks a probe of a state. */
  answer(number: number, state: StateReader): number {
    const kind = this.#glances.at(number * 2);
    if (kind === GlanceKind.none) return this.get(number).answer(state);
    const actor = this.#glances.at(number * 2 + 1);
    const snapshot = state.snapshotAt(actor);
    if (kind === GlanceKind.snapshot) return snapshot;
    const runs = ((this.#contents?.fact(snapshot, Fact.traits) ?? 0) & Trait.running) !== 0;
    return runs ? actor + 1 : this.get(number).answer(state);
  }

  intern(key: string, answer: (state: StateReader) => number, glance?: Glance): Probe {
    let probe = this.#byKey.get(key);
    if (!probe) {
      probe = { number: this.#all.length, key, answer };
      this.#all.push(probe);
      this.#byKey.set(key, probe);
      this.#glances.push(GlanceKind[glance?.kind ?? 'none']);
      this.#glances.push(glance?.actor ?? 0);
    }
    return probe;
  }
}
