import { simulateSteps } from '../explore/simulate.js';
import { UsageError } from '../kernel/usageError.js';
import { TraceCounter } from '../stream/traceCounts.js';
import { type Edge, ExitCode, printJson } from './edge.js';
import { exitCodeOf, failuresIn, play, summaryLines, timeline } from './play.js';
import type { RunOptions } from './runOptions.js';
import { runScenario } from './runScenario.js';
import { loadUserFile, looksLikeFile } from './userFile.js';

/** `interlace run`: plays one schedule and prints it as a timeline, or its summary as JSON. */
export async function runCommand(name: string, options: RunOptions, edge: Edge): Promise<number> {
  if (looksLikeFile(name)) {
    const { system } = await loadUserFile(name, edge.signal);
    return runSystem({ name, system }, options, edge);
  }
  const { scenarios, systems } = edge.catalog;
  const scenario = scenarios.find((entry) => entry.name === name);
  if (scenario) return runScenario(scenario, options, edge);
  const system = systems.find((entry) => entry.name === name);
  if (system) return runSystem(system, options, edge);
  throw new UsageError(`there is no scenario '${name}'`, 'run `interlace list` to see them all');
}

const onlyWithFrames = {
  frames: '--frames',
  out: '--out',
  buffers: '--buffers',
  clientDelay: '--client-delay',
};

/** A system without frames. */
async function runSystem(
  { name, system }: Pick<Edge['catalog']['systems'][number], 'name' | 'system'>,
  options: RunOptions,
  edge: Edge,
): Promise<number> {
  for (const [key, option] of Object.entries(onlyWithFrames)) {
    if (key in options) throw new UsageError(`'${name}' carries no frames`, `leave out ${option}`);
  }
  const { terminal, signal } = edge;
  const { seed, maxSteps = 10_000 } = options;
  const counter = new TraceCounter();
  const schedule: string[] = [];
  const lines = timeline(terminal, true);
  const run = await play(
    simulateSteps(system, { seed, maxSteps, signal }),
    (step) => {
      counter.add(step);
      schedule.push(step.choice);
      if (!options.json) lines.show(step);
    },
    () => !terminal.isClosed,
  );
  if (!run) return ExitCode.done;
  const { world, ...counts } = run;
  const failures = failuresIn(system, world);
  if (options.json) {
    const document = { scenario: name, ...counts, streams: [], ...counter.counts, failures };
    printJson(terminal, { ...document, schedule: schedule.join(' ') });
  } else {
    terminal.out(`\n${summaryLines(run, failures).join('\n')}\n`);
  }
  return exitCodeOf(run.end, failures.length === 0, edge);
}
