import type { SimulationEnd } from '../explore/simulate.js';
import { reasonOf } from '../kernel/reasonOf.js';
import { Excerpt } from '../render/excerpt.js';
import { timelineLines } from '../render/timeline.js';
import type { System } from '../runtime/system.js';
import type { WorldView } from '../runtime/worldView.js';
import type { TraceStep } from '../trace/step.js';
import { type Edge, ExitCode, interruptedBy } from './edge.js';
import type { Terminal } from './terminal.js';

const stepsPerTurn = 64;

/**
 * Takes all steps of a run, and lets the process hear of Ctrl-C and closed pipes in between.
 *
 * @param isWanted asked now and then; the run is left when the answer is no
 * @returns what the run returns; `undefined` when it was left
 */
export async function play<Result>(
  steps: Generator<TraceStep, Result, void>,
  onStep: (step: TraceStep) => void,
  isWanted: () => boolean,
): Promise<Result | undefined> {
  try {
    for (let taken = 1; ; taken++) {
      const next = steps.next();
      if (next.done) return next.value;
      onStep(next.value);
      if (taken % stepsPerTurn > 0) continue;
      await new Promise((resolve) => setImmediate(resolve));
      if (!isWanted()) return undefined;
    }
  } finally {
    // Leaving a generator that has ended does nothing; one that has not cleans up.
    steps.return(undefined as never);
  }
}

/** Steps as people read them: all of them, or the begin and the end of a long run with frames. */
export interface Timeline {
  readonly isCut: boolean;
  show(step: TraceStep): void;
  /** Shows what was kept for the end. */
  end(): void;
}

const excerptSteps = 150;

/** @param isWhole whether nothing is left out */
export function timeline(terminal: Terminal, isWhole: boolean): Timeline {
  const excerpt = new Excerpt<TraceStep>(excerptSteps);
  const print = (step: TraceStep): void => terminal.out(`${timelineLines(step).join('\n')}\n`);
  return {
    get isCut() {
      return !isWhole && excerpt.isCut;
    },
    show(step) {
      const isFrame = step.emitted.some(({ type }) => type === 'FrameDelivered');
      if (isWhole || excerpt.take(step, isFrame)) print(step);
    },
    end() {
      const { leftOut, last } = excerpt.end();
      if (leftOut > 0) terminal.out(`\n  … ${leftOut} steps are not shown; --timeline shows all …\n\n`);
      for (const step of last) print(step);
    },
  };
}

/** An actor that threw. */
export interface Failure {
  readonly actor: string;
  readonly message: string;
}

/** The top-level actors that have failed in the end; the failure of a child is its parent's, or was handled by it. */
export function failuresIn(system: System, world: WorldView): Failure[] {
  return [...system.actors.keys()].flatMap((actor) => {
    const snapshot = world.snapshot(actor);
    if (snapshot?.status !== 'error') return [];
    return [{ actor, message: reasonOf(snapshot.error) }];
  });
}

/** The line below a timeline, and one for each actor that failed. */
export function summaryLines(
  run: {
    readonly seed: number;
    readonly end: SimulationEnd;
    readonly steps: number;
    readonly virtualTimeMs: number;
  },
  failures: readonly Failure[],
): string[] {
  const why = {
    quiescent: 'nothing is left to do',
    steps: 'stopped by --max-steps',
    abort: 'interrupted',
  }[run.end];
  return [
    `${run.steps === 1 ? '1 step' : `${run.steps} steps`} in ${run.virtualTimeMs} ms of virtual time: ${why} (seed ${run.seed})`,
    ...failures.map(({ actor, message }) => `the actor '${actor}' failed: ${message}`),
  ];
}

/** How a run ends for the shell. */
export function exitCodeOf(end: SimulationEnd, isSound: boolean, { signal }: Edge): number {
  if (end === 'abort') return interruptedBy(signal);
  return isSound ? ExitCode.done : ExitCode.violated;
}
