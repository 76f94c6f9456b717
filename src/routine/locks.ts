import { present } from '../kernel/invariant.js';
import { type ContentId, slotHash } from '../runtime/contents.js';
import type { HostSite, HostState } from '../runtime/host.js';
import type { StateReader } from '../runtime/probes.js';

const FREE = 0;

/** The locks of a program: a slot for each, which holds its owner. Not re-entrant, and they stay with a thread that ended. */
export class Locks {
  readonly names: readonly string[];
  readonly #site: HostSite;
  readonly #threads: readonly string[];
  readonly #slots: readonly number[];
  /** By lock: the content that says so, of each thread that has ever owned it. */
  readonly #owned: readonly ContentId[][];

  /** @param threads their names; may grow */
  constructor(site: HostSite, names: readonly string[], threads: readonly string[]) {
    this.names = names;
    this.#site = site;
    this.#threads = threads;
    this.#slots = names.map((lock) => site.slot('locks', lock));
    this.#owned = names.map(() => []);
  }

  isFree(lock: number, state: StateReader): boolean {
    return state.valueAt(this.#slot(lock)) === FREE;
  }

  /** The thread that holds a lock; `undefined` when it is free. */
  owner(lock: number, state: StateReader): number | undefined {
    const content = state.valueAt(this.#slot(lock));
    const owner = content === FREE ? -1 : this.#contents(lock).indexOf(content);
    return owner === -1 ? undefined : owner;
  }

  acquire(lock: number, thread: number, state: HostState): void {
    const contents = this.#contents(lock);
    let content = contents[thread];
    if (content === undefined) {
      const name = present(this.#threads[thread], `there is a thread number ${thread}`);
      const slot = `${this.#site.place.address} ${this.names[lock]}`;
      content = this.#site.addContent(slotHash('locks', slot).text(name).words());
      contents[thread] = content;
    }
    state.set(this.#slot(lock), content);
  }

  release(lock: number, state: HostState): void {
    state.set(this.#slot(lock), FREE);
  }

  #contents(lock: number): ContentId[] {
    return present(this.#owned[lock], 'a lock has owners');
  }

  #slot(lock: number): number {
    return present(this.#slots[lock], 'a lock has a slot');
  }
}
