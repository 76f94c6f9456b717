import { present } from '../kernel/invariant.js';
import type { Choice } from '../runtime/choice.js';
import type { State } from '../runtime/state.js';
import type { SeenStep } from '../runtime/stepLabels.js';
import type { StepListener } from '../runtime/stepListener.js';
import type { World } from '../runtime/world.js';

/** One step of a run, written down. */
export interface TraceStep extends SeenStep {
  /** The choice, as a schedule names it. */
  readonly choice: string;
  /** Virtual time after the step, in milliseconds since the start. */
  readonly atMs: number;
}

/** Takes a step and writes it down. */
export function traceStep(
  world: World,
  state: State,
  choice: Choice,
  name: string,
  nowMs: number,
): { readonly state: State; readonly step: TraceStep } {
  let atMs = nowMs;
  const listener: StepListener = {
    ran: () => {},
    sent: () => {},
    emitted: () => {},
    elapsed: (delay) => {
      atMs += delay;
    },
  };
  const next = world.step(state, choice, listener);
  const seen = present(world.labels.step(world.stepper.label), 'a step that is listened to is seen');
  return { state: next, step: { choice: name, ...seen, atMs } };
}
