import type { AnyActorRef, Snapshot } from 'xstate';
import { sameList } from '../kernel/sameList.js';
import type { InternedValue } from '../kernel/valueStore.js';
import type { ActorIndex, ActorPlace } from './actors.js';
import { offersOf } from './offers.js';
import { describeSnapshot, hasTag, rebuildSnapshot } from './snapshotShape.js';
import type { ActorStatus, SnapshotRecord } from './snapshots.js';
import type { Tables } from './tables.js';

/** What a snapshot says: its data in canonical copies, its shape as text. */
export interface SnapshotContent {
  readonly status: string;
  readonly shape: string;
  readonly context: InternedValue;
  readonly output: InternedValue;
  readonly error: InternedValue;
  /** By key, the addresses of its children, if there are actors to the keys. */
  readonly children: readonly Child[];
}
interface Child {
  readonly key: string;
  readonly actor: ActorIndex | undefined;
}

/** What a snapshot of the actor at a place says. @throws UsageError when there is something in it that is no value */
export function contentOf(tables: Tables, place: ActorPlace, snapshot: Snapshot<unknown>): SnapshotContent {
  const { status, shape, context, output, error, children } = describeSnapshot(snapshot);
  const of = (what: string): string => `the ${what} of actor '${place.address}'`;
  return {
    status,
    shape,
    context: tables.internValue(context, of('context')),
    output: tables.internValue(output, of('output')),
    error: tables.internValue(asValue(error), of('error')),
    children: children.map(([key, child]) => ({ key, actor: child && tables.refs.indexOf(child) })),
  };
}

export function isSameContent(a: SnapshotContent, b: SnapshotContent): boolean {
  return (
    a.status === b.status &&
    a.shape === b.shape &&
    a.context.text === b.context.text &&
    a.output.text === b.output.text &&
    a.error.text === b.error.text &&
    sameList(a.children, b.children, (x, y) => x.key === y.key && x.actor === y.actor)
  );
}

/**
 * The canonical record of a snapshot that a run produced.
 *
 * @param before what the actor was
 * @param content what the snapshot says
 */
export function recordOf(
  tables: Tables,
  before: SnapshotRecord,
  raw: Snapshot<unknown>,
  content: SnapshotContent,
): SnapshotRecord {
  const { place, logic, systemId } = before;
  const { context, output, error } = content;
  const children: Record<string, AnyActorRef | undefined> = {};
  const listed: number[] = [];
  for (const { key, actor } of content.children) {
    children[key] = actor === undefined ? undefined : tables.refs.of(actor);
    if (actor !== undefined) listed.push(actor);
  }
  const names = JSON.stringify(Object.entries(children).map(([key, ref]) => [key, ref?.sessionId]));
  const values = [context, output, error];
  const named = JSON.stringify([logic.name, systemId]);
  const text = [content.status, named, content.shape, names, ...values.map((v) => v.text)].join(' ');
  return tables.snapshots.intern(place, text, (id) => {
    const snapshot = rebuildSnapshot(raw, {
      context: context.value,
      output: output.value,
      error: error.value,
      children,
    });
    const status = statusOf(content.status);
    return {
      id,
      place,
      logic,
      status,
      snapshot,
      input: undefined,
      systemId,
      children: listed,
      mentions: [...new Set([...listed, ...values.flatMap((v) => v.mentions)])],
      unfreezable: values.filter((v) => v.unfreezable.length > 0),
      offers: status === 'active' ? offersOf(snapshot, place, tables) : [],
      idle: status !== 'active' || (hasTag(snapshot, 'idle') ?? true),
    };
  });
}

function statusOf(status: string): ActorStatus {
  return status === 'active' || status === 'done' ? status : 'error';
}

/** Whatever was thrown, as a value: plain data stays, anything else becomes an error with its text. */
function asValue(error: unknown): unknown {
  if (error === null || typeof error !== 'object' || error instanceof Error) return error;
  const prototype: unknown = Object.getPrototypeOf(error);
  const plain = prototype === Object.prototype || prototype === null || Array.isArray(error);
  return plain ? error : new Error(String(error));
}
