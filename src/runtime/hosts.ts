import type { ActorIndex, ActorPlace } from './actors.js';
import type { Footprint } from './footprint.js';
import type { Host, HostEnd, HostedLogic } from './host.js';
import { hostedSnapshot, hosting, isHosted } from './host.js';
import type { Layout } from './layout.js';
import type { Logic } from './logic.js';
import type { SnapshotRecord } from './snapshots.js';
import { holderOf } from './systemIds.js';
import type { Tables } from './tables.js';

/** The hosts of a world: one for each address and logic that it has met. */
export class Hosts {
  readonly #tables: Tables;
  readonly #layout: Layout;
  readonly #hosts = new Map<string, Host>();
  /** By actor, the host that was asked for last. */
  readonly #latest = new Map<ActorIndex, { readonly logic: Logic; readonly host: Host }>();
  /** Hears what steps look at, if somebody wants to know. */
  footprint: Footprint | undefined;

  constructor(tables: Tables, layout: Layout) {
    this.#tables = tables;
    this.#layout = layout;
  }

  /** Whether this world may have hosted actors at all: asked in every step. */
  get any(): boolean {
    return this.#tables.logics.anyHosted;
  }

  /** All hosts, with the logic that each runs. */
  get all(): readonly { readonly logic: string; readonly host: Host }[] {
    return [...this.#hosts].map(([key, host]) => ({ logic: key.slice(key.indexOf(' ') + 1), host }));
  }

  /** The host of an actor; `undefined` when XState runs it. */
  of({ logic, place }: SnapshotRecord): Host | undefined {
    const latest = this.#latest.get(place.index);
    if (latest?.logic === logic) return latest.host;
    if (!isHosted(logic.source)) return undefined;
    const host = this.#find(place, logic.name, logic.source);
    this.#latest.set(place.index, { logic, host });
    return host;
  }

  #find(place: ActorPlace, name: string, source: HostedLogic): Host {
    const key = `${place.index} ${name}`;
    let host = this.#hosts.get(key);
    if (!host) {
      host = source[hosting]({
        place,
        lookUp: (systemId, state) => {
          this.footprint?.looksUp(systemId);
          return holderOf(this.#tables, systemId, state);
        },
        snapshotOf: (actor, state) => {
          this.footprint?.looksAt(actor);
          const content = state.snapshotAt(actor);
          return content === 0 ? undefined : this.#tables.snapshots.get(content).snapshot;
        },
        addContent: (words) => this.#tables.contents.add(words),
        cell: (cellName) => this.#tables.cells.hosted(place.index, cellName),
        slot: (kind, slotKey) => this.#layout.hostedSlot(place.index, kind, slotKey),
      });
      this.#hosts.set(key, host);
    }
    return host;
  }

  /** The snapshot of a hosted actor: how it lives. */
  record(before: SnapshotRecord, end: HostEnd): SnapshotRecord {
    const { place, logic, systemId } = before;
    const snapshot = hostedSnapshot(end);
    const error = this.#tables.internValue(snapshot.error, `the error of actor '${place.address}'`);
    const text = `hosted ${snapshot.status} ${logic.name} ${systemId ?? ''} ${error.text}`;
    return this.#tables.snapshots.intern(place, text, (id) => ({
      id,
      place,
      logic,
      status: end?.status ?? 'active',
      snapshot: Object.freeze(snapshot),
      input: undefined,
      systemId,
      children: [],
      mentions: error.mentions,
      unfreezable: [],
      offers: [],
      idle: end !== undefined,
    }));
  }
}
