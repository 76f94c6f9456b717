import type { AnyMachineSnapshot, AnyStateMachine, AnyStateNode, StateValue, StateValueMap } from 'xstate';
import { computedOnce } from '../kernel/computedOnce.js';

/** The names of a machine's states and tags. */
interface Names {
  /** As if all states were active at once. */
  readonly states: StateValueMap;
  readonly tags: ReadonlySet<string>;
}

const namesOf = new WeakMap<AnyStateMachine, Names>();

/** How deep a state value may be that anybody asks for in earnest. */
const DEPTH_MAX = 100;

/** Whether something can be a state value. Code without types may ask XState's `matches` for anything, and gets an answer. */
export function isStateValue(asked: unknown, depth = 0): asked is StateValue {
  if (typeof asked === 'string') return true;
  if (typeof asked !== 'object' || asked === null || Array.isArray(asked) || depth > DEPTH_MAX) return false;
  return Object.values(asked).every((inner) => isStateValue(inner, depth + 1));
}

/** Whether a machine has the states that XState's `matches` is asked for: what that says where all of them are active. */
export function hasStates(
  machine: AnyStateMachine,
  matches: AnyMachineSnapshot['matches'],
  asked: StateValue,
): boolean {
  const everywhere: Pick<AnyMachineSnapshot, 'value'> = { value: names(machine).states };
  return Reflect.apply(matches, everywhere, [asked]) === true;
}

/** Whether a machine has a state with a tag. */
export function hasStateWithTag(machine: AnyStateMachine, tag: string): boolean {
  return names(machine).tags.has(tag);
}

function names(machine: AnyStateMachine): Names {
  return computedOnce(namesOf, machine, () => {
    const tags = new Set<string>();
    const statesBelow = (node: AnyStateNode): StateValueMap => {
      for (const tag of node.tags) tags.add(tag);
      const states: StateValueMap = Object.create(null);
      for (const [name, below] of Object.entries(node.states)) states[name] = statesBelow(below);
      return states;
    };
    return { states: statesBelow(machine.root), tags };
  });
}
