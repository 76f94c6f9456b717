import {
  type AnyActorLogic,
  type AnyActorRef,
  type AnyStateMachine,
  assign,
  createMachine,
  setup,
  spawnChild,
} from 'xstate';

/** What the small actors of these tests remember. */
export interface Notes {
  readonly got: readonly string[];
  readonly friend: AnyActorRef | null;
}

/** Events of these tests: a type, and perhaps a reference. */
export interface Letter {
  readonly type: string;
  readonly ref?: AnyActorRef;
}

/** XState takes these types from the values' types only. */
export const noting = setup({ types: {} as { context: Notes; events: Letter } });

/** Writes down the types of the events that it takes; a reference that comes along becomes its friend. */
export const listener = noting.createMachine({
  id: 'listener',
  context: { got: [], friend: null },
  on: {
    '*': {
      actions: noting.assign({
        got: ({ context, event }) => [...context.got, event.type],
        friend: ({ context, event }) => event.ref ?? context.friend,
      }),
    },
  },
});

/** Does nothing at all. */
export const idle = createMachine({ id: 'idle', tags: ['idle'] });

/** Performs one list of actions for each event type, each of them offered by the environment without limit. */
export function offering(
  on: NonNullable<Parameters<typeof noting.createMachine>[0]['on']>,
  rest: Omit<Parameters<typeof noting.createMachine>[0], 'on' | 'context'> = {},
): AnyStateMachine {
  return noting.createMachine({
    id: 'offering',
    context: { got: [], friend: null },
    meta: { offers: Object.keys(on) },
    on,
    ...rest,
  });
}

/** `spawnChild` for logics that `setup` was not told of: its types admit only declared ones, hence the `never`. */
export function born(logic: AnyActorLogic, options: Parameters<typeof spawnChild>[1] = {}): never {
  return spawnChild(logic, options) as never;
}

/** Spawns inside `assign` and keeps the reference; for logics that `setup` was not told of, hence the `never`. */
export function befriend(make: () => AnyActorLogic): never {
  return assign({ friend: ({ spawn }) => spawn(make()) }) as never;
}
