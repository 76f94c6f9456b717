import type { AnyActorRef, AnyEventObject, AnyStateMachine, ProvidedActor } from 'xstate';
import { assign, createMachine, sendParent, sendTo } from 'xstate';

/** The context of the hand-written charts: actions note into `log` that they happened, so that their order is seen. */
export interface ChartContext {
  readonly log: string;
  readonly n: number;
  readonly kid: AnyActorRef | undefined;
}

/** XState takes the types of a machine from a value that does not exist: its own idiom. */
export const types = {} as { context: ChartContext; events: AnyEventObject };

export const context: ChartContext = { log: '', n: 0, kid: undefined };

/** `assign` for {@link ChartContext}, with any event. */
export const assignChart = assign<ChartContext, AnyEventObject, undefined, AnyEventObject, ProvidedActor>;

export const note = (label: string) => assignChart({ log: ({ context }) => context.log + label });

/** Notes the type of the event, or what `what` makes of it. */
export const noteEvent = (what: (event: AnyEventObject) => unknown = ({ type }) => type) =>
  assignChart({ log: ({ context, event }) => `${context.log + what(event)} ` });

export const addOne = assignChart({ n: ({ context }) => context.n + 1 });

/** Sends to a child by its id. */
export const tell = (id: string, type: string) =>
  sendTo<ChartContext, AnyEventObject, undefined, AnyActorRef, AnyEventObject>(id, { type });

/** The child in the context. */
export const kid = ({ context }: { context: ChartContext }): AnyActorRef => {
  if (!context.kid) throw new Error('there is no kid');
  return context.kid;
};

/** A child that answers `PING` with `PONG`, ends on `END` with what it was asked, and fails on `FAIL`. */
export const answering: AnyStateMachine = createMachine({
  id: 'answering',
  types,
  context,
  initial: 'idle',
  states: {
    idle: {
      on: {
        PING: { actions: [addOne, sendParent(({ context }) => ({ type: 'PONG', n: context['n'] }))] },
        END: 'ended',
        FAIL: { actions: fails },
      },
    },
    ended: { type: 'final' },
  },
  output: ({ context }) => ({ asked: context.n }),
});

export function fails(): never {
  throw new Error('boom');
}
