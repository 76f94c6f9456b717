import type {
  AnyActorRef,
  AnyMachineSnapshot,
  AnyStateMachine,
  AnyStateNode,
  EventObject,
  Snapshot,
  StateValue,
} from 'xstate';
import { computedOnce } from '../kernel/computedOnce.js';
import { protect } from '../kernel/frozenBuiltIns.js';

/** What XState's snapshots are made of: {@link describeSnapshot} takes one apart, {@link rebuildSnapshot} puts it together. */

/** Whether a snapshot is of a logic with states. */
export function isMachineSnapshot(snapshot: Snapshot<unknown>): snapshot is AnyMachineSnapshot {
  return 'machine' in snapshot && 'value' in snapshot;
}

/** A snapshot taken apart: what is data, what is shape. */
export interface SnapshotParts {
  readonly status: string;
  readonly context: unknown;
  readonly output: unknown;
  readonly error: unknown;
  /** Children by key; `undefined` for a key that XState keeps without an actor. */
  readonly children: readonly (readonly [key: string, child: object | undefined])[];
  /** State value and history as text: all that the shape of the snapshot says. */
  readonly shape: string;
}

/** Takes the snapshot of any supported logic apart. */
export function describeSnapshot(snapshot: Snapshot<unknown>): SnapshotParts {
  const { status, output, error } = snapshot;
  const context: unknown = 'context' in snapshot ? snapshot.context : undefined;
  const common = { status, context, output, error };
  if (!isMachineSnapshot(snapshot)) return { ...common, children: [], shape: '' };
  const children = Object.entries<object | undefined>(snapshot.children);
  const history = Object.entries(snapshot.historyValue)
    .map(([id, nodes]) => `${id}:${documentOrder(nodes).map((node) => node.id)}`)
    .sort();
  const order = dependsOnNodeOrder(snapshot.machine) ? atomicOrder(snapshot._nodes) : '';
  return { ...common, children, shape: JSON.stringify([snapshot.value, history, order]) };
}

/** The snapshot with canonical parts in place of what it was computed with; deeply frozen as far as it is data. */
export function rebuildSnapshot(
  snapshot: Snapshot<unknown>,
  parts: {
    context: unknown;
    output: unknown;
    error: unknown;
    children: Record<string, AnyActorRef | undefined>;
  },
): Snapshot<unknown> {
  if (!isMachineSnapshot(snapshot)) {
    const { context, output, error } = parts;
    return Object.freeze({ ...snapshot, context, output, error }) as Snapshot<unknown>;
  }
  const history = Object.entries(snapshot.historyValue).map(([id, nodes]) => [
    id,
    Object.freeze(documentOrder(nodes)),
  ]);
  return Object.freeze({
    ...snapshot,
    ...parts,
    children: Object.freeze(parts.children),
    historyValue: Object.freeze(Object.fromEntries(history)),
    _nodes: dependsOnNodeOrder(snapshot.machine) ? snapshot._nodes : nodesOf(snapshot),
    value: freezeValue(snapshot.value),
    tags: protect(new Set(snapshot.tags)),
  }) as Snapshot<unknown>;
}

function documentOrder(nodes: readonly AnyStateNode[]): AnyStateNode[] {
  return [...nodes].sort((a, b) => a.order - b.order);
}

function freezeValue(value: StateValue): StateValue {
  if (typeof value === 'object')
    for (const inner of Object.values(value)) if (inner !== undefined) freezeValue(inner);
  return Object.freeze(value);
}

/** The active nodes in the order that the state value spells, so that they are a function of it. */
function nodesOf(snapshot: AnyMachineSnapshot): AnyStateNode[] {
  const nodes: AnyStateNode[] = [];
  const visit = (node: AnyStateNode, value: StateValue | undefined): void => {
    nodes.push(node);
    if (typeof value === 'string') {
      const child = node.states[value];
      if (child) nodes.push(child);
    } else if (value) {
      for (const [key, inner] of Object.entries(value)) {
        const child = node.states[key];
        if (child) visit(child, inner);
      }
    }
  };
  visit(snapshot.machine.root, snapshot.value);
  return nodes;
}

const orderDependence = new WeakMap<object, boolean>();

/**
 * Whether the order of `_nodes` decides what a machine does: XState takes eventless transitions of parallel regions in that
 * order, and it is a matter of history. Where it matters it is part of the state; elsewhere it is not.
 */
function dependsOnNodeOrder(machine: AnyStateMachine): boolean {
  return computedOnce(orderDependence, machine, () => {
    const all: AnyStateNode[] = [];
    const collect = (node: AnyStateNode): void => {
      all.push(node);
      Object.values(node.states).forEach(collect);
    };
    collect(machine.root);
    const inRegions = (node: AnyStateNode): boolean =>
      node.parent !== undefined && (node.parent.type === 'parallel' || inRegions(node.parent));
    const eventless = all.filter((node) => (node.always?.length ?? 0) > 0 && inRegions(node));
    return eventless.length > 1;
  });
}

function atomicOrder(nodes: readonly AnyStateNode[]): string {
  return nodes
    .filter((node) => node.type === 'atomic' || node.type === 'final')
    .map((node) => node.id)
    .join(' ');
}

/** The `meta` objects of the active states, the root's first. */
export function activeMeta(
  snapshot: Snapshot<unknown>,
): readonly { readonly state: string; readonly meta: unknown }[] {
  if (!isMachineSnapshot(snapshot)) return [];
  return documentOrder(snapshot._nodes)
    .filter((node) => node.meta !== undefined)
    .map((node) => ({ state: node.id, meta: node.meta as unknown }));
}

/** Ids of the active state nodes; none of a logic without states. */
export function activeStates(snapshot: unknown): readonly string[] {
  if (typeof snapshot !== 'object' || snapshot === null || !('_nodes' in snapshot)) return [];
  return Array.isArray(snapshot._nodes) ? snapshot._nodes.map((node) => String(node.id)) : [];
}

/** Whether a snapshot is of a logic with states, and then whether the present one has a tag. */
export function hasTag(snapshot: Snapshot<unknown>, tag: string): boolean | undefined {
  return isMachineSnapshot(snapshot) ? snapshot.tags.has(tag) : undefined;
}

/** Whether some transition would take the event in this snapshot, guards included. */
export function wouldTake(snapshot: Snapshot<unknown>, event: EventObject): boolean {
  if (!isMachineSnapshot(snapshot)) return true;
  return snapshot.machine.getTransitionData(snapshot, event).length > 0;
}

/**
 * Lets a snapshot be read as users know it: `value`, `context`, `status`. A `fromTransition` snapshot has no state value; it is
 * typed like a machine's because properties ask for `context` and `status` without knowing the kind of logic.
 */
export function isSnapshotOfMachineShape(snapshot: object): snapshot is AnyMachineSnapshot {
  return 'context' in snapshot;
}
