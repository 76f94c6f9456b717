import { check } from '../explore/check.js';
import { UsageError } from '../kernel/usageError.js';
import { grouped, reportLines } from '../render/report.js';
import type { StreamOptions } from '../stream/streamScenario.js';
import { type Edge, ExitCode, printJson } from './edge.js';
import { loadUserFile, looksLikeFile, type UserFile } from './userFile.js';

/** The options of `interlace check` as they were given. */
export interface CheckCommandOptions {
  readonly maxStates?: number;
  readonly maxSteps?: number;
  readonly timeout?: number;
  readonly violations?: number;
  readonly failOnIncomplete?: true;
  readonly json?: true;
}

/** `interlace check`: takes every schedule of a system, and reports. */
export async function checkCommand(name: string, options: CheckCommandOptions, edge: Edge): Promise<number> {
  const { terminal, signal } = edge;
  const { system, properties } = looksLikeFile(name) ? await loadUserFile(name) : bundledSystem(name, edge);
  const { maxStates, maxSteps, timeout, violations, json } = options;
  let showsProgress = false;
  const outcome = await check(system, {
    properties,
    signal,
    bounds: {
      ...(maxStates === undefined ? {} : { states: maxStates }),
      ...(maxSteps === undefined ? {} : { depth: maxSteps }),
      ...(timeout === undefined ? {} : { seconds: timeout }),
      ...(violations === undefined ? {} : { violations }),
    },
    onProgress: ({ states, depth, frontier, seconds }) => {
      if (!terminal.showsProgress) return;
      showsProgress = true;
      const rate = grouped(Math.round(states / seconds));
      terminal.err(
        `\r\u001b[Kstates ${grouped(states)} · ${rate}/s · depth ${depth} · frontier ${grouped(frontier)} · ${seconds.toFixed(0)} s`,
      );
    },
  });
  if (showsProgress) terminal.err('\r\u001b[K');
  if (json) printJson(terminal, { scenario: name, ...outcome });
  else terminal.out(`${reportLines(outcome).join('\n')}\n`);
  if (outcome.stoppedBy === 'abort') return Number(signal.reason) || ExitCode.interrupted;
  if (outcome.verdict === 'violated') return ExitCode.violated;
  return outcome.verdict === 'inconclusive' && options.failOnIncomplete
    ? ExitCode.inconclusive
    : ExitCode.done;
}

/** What a scenario is checked with: small enough to take every schedule, and everything that a run does happens. */
const small: StreamOptions = {
  frames: 2,
  frameRate: { num: 25, den: 1 },
  frameBytes: 4608,
  buffers: 2,
  clientDelayMs: 0,
};

function bundledSystem(name: string, { catalog }: Edge): UserFile {
  const entry = catalog.systems.find((system) => system.name === name);
  if (entry) return { system: entry.system, properties: [] };
  const scenario = catalog.scenarios.find((one) => one.name === name);
  // A run is played on a fast machine; a check lets timers fire at any point, deadlines in order.
  if (scenario) return { system: { ...scenario.system(small), timers: 'ordered' }, properties: [] };
  throw new UsageError(
    `there is no system or scenario '${name}'`,
    'run `interlace list` to see them all, or give a file such as ./system.ts',
  );
}
