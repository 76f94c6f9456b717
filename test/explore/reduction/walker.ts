import { type AnyStateMachine, sendTo, setup } from 'xstate';

export const toSelf = sendTo(({ self }) => self, { type: 'GO' });

/** Goes through states by messages to itself. */
export const walker = (...states: readonly string[]): AnyStateMachine =>
  setup({}).createMachine({
    initial: states[0] ?? '',
    states: Object.fromEntries(
      states.map((name, i) => {
        const next = states[i + 1];
        return [name, next === undefined ? { tags: ['idle'] } : { entry: toSelf, on: { GO: next } }];
      }),
    ),
  });
