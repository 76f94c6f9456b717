/** XState's words for what every layer talks about. Layers above the runtime take them from here. */
export type { AnyStateMachine, EventObject, Snapshot } from 'xstate';
