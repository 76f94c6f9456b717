import {
  type AnyStateMachine,
  type AnyStateNode,
  matchesState,
  type StateValue,
  type StateValueMap,
} from 'xstate';

/** The names of a machine's states and tags. */
interface Names {
  /** As if all states were active at once. */
  readonly states: StateValueMap;
  readonly tags: ReadonlySet<string>;
}

const namesOf = new WeakMap<AnyStateMachine, Names>();

/** Whether a machine has the state, or the states, that XState's `matches` is asked for. */
export function hasStates(machine: AnyStateMachine, asked: StateValue): boolean {
  return matchesState(asked, names(machine).states);
}

/** Whether a machine has a state with a tag. */
export function hasStateWithTag(machine: AnyStateMachine, tag: string): boolean {
  return names(machine).tags.has(tag);
}

function names(machine: AnyStateMachine): Names {
  let known = namesOf.get(machine);
  if (!known) {
    const tags = new Set<string>();
    const statesBelow = (node: AnyStateNode): StateValueMap => {
      for (const tag of node.tags) tags.add(tag);
      const states: StateValueMap = Object.create(null);
      for (const [name, below] of Object.entries(node.states)) states[name] = statesBelow(below);
      return states;
    };
    known = { states: statesBelow(machine.root), tags };
    namesOf.set(machine, known);
  }
  return known;
}
