import type { AnyActorRef, AnyMachineSnapshot, EventObject, Snapshot } from 'xstate';
import { isMachineSnapshot } from 'xstate';

/**
 * What of an actor can be compared between XState and a world: everything that a snapshot shows, and nothing that names an
 * object of one run (session ids). Texts where the order of keys counts: `value` decides in which order regions are asked.
 *
 * Below an actor that has ended only the keys of its children are compared: a world lets them go (architecture 4.1), XState
 * keeps the stopped objects, and does not even stop them when an action threw.
 */
export interface Image {
  readonly status: string;
  readonly value: string;
  readonly context: string;
  readonly output: string;
  readonly error: string;
  readonly history: string;
  readonly tags: string;
  readonly meta: string;
  /** Which of the probed events the snapshot says it can take. */
  readonly can: string;
  readonly children: Readonly<Record<string, Image | 'gone'>>;
}

/** What is to be seen when the world has come to rest at an instant: the tree, and what was emitted since the last one. */
export interface Sighting {
  readonly atMs: number;
  readonly root: Image | 'gone';
  /** By emitter. Between two emitters there is no order that anybody inside could see. */
  readonly emitted: Readonly<Record<string, readonly string[]>>;
}

/** An actor's snapshot; `undefined` when nobody is there any more. */
export type SnapshotOf = (ref: AnyActorRef) => Snapshot<unknown> | undefined;

/** Takes the image of an actor and of all below it. */
export function imageOf(
  snapshot: Snapshot<unknown> | undefined,
  snapshotOf: SnapshotOf,
  probes: readonly string[],
): Image | 'gone' {
  if (snapshot === undefined || snapshot.status === 'stopped') return 'gone';
  const { status, output, error } = snapshot;
  const common = {
    status,
    context: textOf('context' in snapshot ? snapshot.context : undefined),
    output: textOf(output),
    error: textOf(error),
  };
  if (!isMachineSnapshot(snapshot)) {
    return { ...common, value: '', history: '', tags: '', meta: '', can: '', children: {} };
  }
  return {
    ...common,
    value: JSON.stringify(snapshot.value),
    history: historyOf(snapshot),
    tags: [...snapshot.tags].sort().join(' '),
    // Of a machine that failed in its initial macrostep XState keeps the active states of before and the value of after.
    meta: status === 'error' ? '' : metaOf(snapshot),
    can: status === 'active' ? probes.map((type) => canTake(snapshot, type)).join(' ') : '',
    children: childrenOf(snapshot, snapshotOf, probes),
  };
}

/** Sightings that show something new: an instant at which nothing changed is nothing to compare. */
export function changes(sightings: readonly Sighting[]): readonly Sighting[] {
  let last = '';
  return sightings.filter(({ root, emitted }) => {
    const text = JSON.stringify(root);
    const changed = text !== last || Object.keys(emitted).length > 0;
    last = text;
    return changed;
  });
}

/** Collects what actors emit until the next sighting. */
export class Emissions {
  #lists: Record<string, string[]> = {};

  add(emitter: string, event: EventObject): void {
    const list = this.#lists[emitter] ?? [];
    list.push(textOf(event));
    this.#lists[emitter] = list;
  }

  take(): Record<string, string[]> {
    const taken = Object.entries(this.#lists).sort(([a], [b]) => (a < b ? -1 : 1));
    this.#lists = {};
    return Object.fromEntries(taken);
  }
}

/** An id as both sides would write it: XState numbers unnamed actors over the whole process, a world names them by source. */
export function commonId(id: string): string {
  return /^x:\d+$|#\d+$/.test(id) ? '(unnamed)' : id.replace(/~\d+$/, '');
}

/** A value as text: refs by their id, errors by name and message, `undefined` visible. */
function textOf(value: unknown): string {
  return (
    JSON.stringify(value, (_key, part: unknown) => {
      if (part === undefined) return '(undefined)';
      if (part instanceof Error) return `${part.name}: ${part.message}`;
      return isWrittenRef(part) ? `@${commonId(part.id)}` : part;
    }) ?? '(undefined)'
  );
}

/** What the `toJSON` of a ref says. */
function isWrittenRef(value: unknown): value is { readonly id: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'xstate$$type' in value &&
    'id' in value &&
    typeof value.id === 'string'
  );
}

export function isActorRef(value: unknown): value is AnyActorRef {
  return (
    typeof value === 'object' && value !== null && 'sessionId' in value && 'send' in value && 'on' in value
  );
}

function childrenOf(
  snapshot: AnyMachineSnapshot,
  snapshotOf: SnapshotOf,
  probes: readonly string[],
): Record<string, Image | 'gone'> {
  const images: Record<string, Image | 'gone'> = {};
  let unnamed = 0;
  for (const [key, child] of Object.entries<AnyActorRef | undefined>(snapshot.children)) {
    const common = commonId(key) === '(unnamed)' ? `(unnamed ${unnamed++})` : key;
    const alive = snapshot.status === 'active' && child !== undefined;
    images[common] = alive ? imageOf(snapshotOf(child), snapshotOf, probes) : 'gone';
  }
  return images;
}

function metaOf(snapshot: AnyMachineSnapshot): string {
  return Object.entries(snapshot.getMeta())
    .map(([id, meta]) => `${id}=${textOf(meta)}`)
    .sort()
    .join(' ');
}

function historyOf(snapshot: AnyMachineSnapshot): string {
  return Object.entries<{ id: string }[]>(snapshot.historyValue)
    .map(([id, nodes]) => `${id}=${nodes.map((node) => node.id).sort()}`)
    .sort()
    .join(' ');
}

function canTake(snapshot: AnyMachineSnapshot, type: string): string {
  try {
    return snapshot.can({ type }) ? type : '';
  } catch {
    return `${type}(throws)`;
  }
}
