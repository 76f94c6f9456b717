import { exampleSystems } from '../../examples/index.js';
import { simulate } from '../explore/simulate.js';
import { UsageError } from '../kernel/usageError.js';
import { timelineLines } from '../render/timeline.js';

export interface RunOptions {
  readonly seed: number;
  readonly maxSteps: number;
  readonly json?: true;
}

/** `interlace run`: plays one schedule and prints it as a timeline, or its summary as JSON. */
export function runCommand(scenario: string, { seed, maxSteps, json }: RunOptions): number {
  const found = exampleSystems.find(({ name }) => name === scenario);
  if (!found)
    throw new UsageError(`there is no scenario '${scenario}'`, 'run `interlace list` to see them all');
  const run = simulate(found.system, {
    seed,
    maxSteps,
    onStep: (step) => {
      if (!json) process.stdout.write(`${timelineLines(step).join('\n')}\n`);
    },
  });
  const { steps, virtualTimeMs, schedule, end } = run;
  if (json) {
    const document = { formatVersion: 1, scenario, seed, steps, virtualTimeMs, end, schedule };
    process.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
  } else {
    const why = end === 'quiescent' ? 'nothing is left to do' : `stopped by --max-steps ${maxSteps}`;
    process.stdout.write(`\n${steps} steps in ${virtualTimeMs} ms of virtual time: ${why} (seed ${seed})\n`);
  }
  return 0;
}
