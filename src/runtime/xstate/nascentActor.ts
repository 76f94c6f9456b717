import type { AnyActorLogic, AnyActorRef } from 'xstate';

/** The id of a child to which nobody gave one. */
export const UNNAMED = '\u0000unnamed';

/** What XState's `Actor` looks like while it is constructed; only these fields are touched. */
export interface NascentActor {
  id: string;
  sessionId: string;
  src: string | AnyActorLogic;
  logic: AnyActorLogic;
  systemId?: string;
  _parent?: AnyActorRef;
  options: { input?: unknown; systemId?: string; syncSnapshot?: boolean };
  getSnapshot: () => unknown;
  subscribe: () => unknown;
  on: () => unknown;
}

const INERT_SNAPSHOT = Object.freeze({
  status: 'active',
  output: undefined,
  error: undefined,
  context: undefined,
});

/** A logic that does nothing, for the objects that stand in for children until the run is over. */
export const inertLogic = {
  transition: () => INERT_SNAPSHOT,
  getInitialSnapshot: () => INERT_SNAPSHOT,
  getPersistedSnapshot: () => INERT_SNAPSHOT,
};
