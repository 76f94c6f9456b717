import type { AnyMachineSnapshot, AnyStateMachine, AnyStateNode, StateValue, StateValueMap } from 'xstate';

/** The names of a machine's states and tags. */
interface Names {
  /** As if all states were active at once. */
  readonly states: StateValueMap;
  readonly tags: ReadonlySet<string>;
}

const namesOf = new WeakMap<AnyStateMachine, Names>();

/** Whether a snapshot's machine has the states that `matches` is asked for: what that says where all of them are active. */
export function hasStates({ machine, matches }: AnyMachineSnapshot, asked: StateValue): boolean {
  const everywhere: Pick<AnyMachineSnapshot, 'value'> = { value: names(machine).states };
  return Reflect.apply(matches, everywhere, [asked]) === true;
}

/** Whether a snapshot's machine has a state with a tag. */
export function hasStateWithTag({ machine }: AnyMachineSnapshot, tag: string): boolean {
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
