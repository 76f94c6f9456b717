import type { AnyStateMachine, AnyStateNode } from 'xstate';

/** A transition as a person names it. */
interface ChartTransition {
  /** As a run notes it: `<state id>|<event descriptor>|<index>`. */
  readonly key: string;
  /** `<state>: <event> [<guard>] → <targets>`, e.g. `idle: GO [isReady] → busy`; of the root without the state. */
  readonly name: string;
  /** The event descriptor, e.g. `GO` or `mouse.*`; `undefined` where no event from outside is meant. */
  readonly event: string | undefined;
}

/** What a machine consists of, in document order. */
export interface Chart {
  /** All states but the root and history, by id; a name is the path, e.g. `moving.up`. */
  readonly states: readonly { readonly id: string; readonly name: string }[];
  readonly transitions: readonly ChartTransition[];
  /** Ids of the states that are active right after the start, before any eventless transition. */
  readonly initial: readonly string[];
}

/** Lists the states and transitions of a machine. Equal names of transitions get `#2`, `#3`, … */
export function chartOf(machine: AnyStateMachine): Chart {
  const nodes: AnyStateNode[] = [];
  const collect = (node: AnyStateNode): void => {
    nodes.push(node);
    Object.values(node.states).forEach(collect);
  };
  collect(machine.root);
  const counts = new Map<string, number>();
  return {
    states: nodes
      .filter((node) => node.parent && node.type !== 'history')
      .map((node) => ({ id: node.id, name: nodeName(node) })),
    transitions: nodes.flatMap(transitionsOf).map((transition) => {
      const count = (counts.get(transition.name) ?? 0) + 1;
      counts.set(transition.name, count);
      return count === 1 ? transition : { ...transition, name: `${transition.name} #${count}` };
    }),
    initial: initialNodes(machine.root).map(({ id }) => id),
  };
}

/** Whether an event descriptor means a type: itself, `*`, or `a.b.*` for whatever begins with `a.b`. */
export function meansType(descriptor: string, type: string): boolean {
  if (descriptor === type || descriptor === '*') return true;
  return descriptor.endsWith('.*') && `${type}.`.startsWith(descriptor.slice(0, -1));
}

type Definition = NonNullable<AnyStateNode['always']>[number];

function transitionsOf(node: AnyStateNode): ChartTransition[] {
  const lists: [string, readonly Definition[]][] = [...node.transitions];
  if (node.always) lists.push(['', node.always]);
  return lists.flatMap(([descriptor, list]) =>
    list.map((definition, index) => ({
      key: `${node.id}|${descriptor}|${index}`,
      name: transitionName(node, descriptor, definition),
      event: isInternal(descriptor) ? undefined : descriptor,
    })),
  );
}

function transitionName(node: AnyStateNode, descriptor: string, { guard, target }: Definition): string {
  const source = node.parent ? `${nodeName(node)}: ` : '';
  const condition = guard === undefined ? '' : ` [${guardName(guard)}]`;
  const targets = target?.map(nodeName).join(', ');
  return `${source}${eventName(descriptor, node)}${condition}${targets === undefined ? '' : ` → ${targets}`}`;
}

/** The root is called by the machine's id. */
function nodeName(node: AnyStateNode): string {
  return node.parent ? node.path.join('.') : node.id;
}

/** Whether a descriptor or an event type names what only the machine itself raises: the end of a state, a timeout, nothing at all. */
export function isInternal(type: string): boolean {
  return type === '' || /^xstate\.(after|done\.state)\./.test(type);
}

function eventName(descriptor: string, { id }: AnyStateNode): string {
  if (descriptor === '') return 'always';
  if (descriptor.startsWith('xstate.after.')) {
    return `after ${descriptor.slice('xstate.after.'.length).replace(`.${id}`, '')}`;
  }
  if (descriptor.startsWith('xstate.done.state.')) return 'done';
  return descriptor.replace(/^xstate\.(done|error)\.actor\./, '$1 ');
}

function guardName(guard: unknown): string {
  if (typeof guard === 'string') return guard;
  if (typeof guard === 'function')
    return guard.name === 'guard' || guard.name === '' ? 'guarded' : guard.name;
  return typeof guard === 'object' && guard !== null && 'type' in guard ? String(guard.type) : 'guarded';
}

function initialNodes(node: AnyStateNode): AnyStateNode[] {
  const below =
    node.type === 'parallel'
      ? Object.values(node.states)
      : node.type === 'compound'
        ? node.initial.target
        : [];
  return [node, ...below.filter(({ type }) => type !== 'history').flatMap(initialNodes)];
}
