import { check } from '../explore/check.js';
import { exhaustive } from '../explore/exhaustive.js';
import { progressLine } from '../render/progress.js';
import { reportLines } from '../render/report.js';
import { findChecked } from './checked.js';
import { referenceOf, saveCounterexample, savedCounterexamples } from './counterexampleFiles.js';
import { type Edge, ExitCode, interruptedBy, printJson } from './edge.js';
import { looksLikeFile } from './userFile.js';

/** The options of `interlace check` as they were given. */
export interface CheckCommandOptions {
  readonly seed: number;
  readonly order: 'bfs' | 'dfs';
  readonly reduction: boolean;
  readonly fingerprint: '64' | '128';
  readonly maxStates?: number;
  readonly maxSteps?: number;
  readonly timeout?: number;
  readonly violations?: number;
  readonly failOnIncomplete?: true;
  readonly outDir: string;
  /** False with `--no-saved`. */
  readonly saved: boolean;
  readonly json?: true;
}

/** `interlace check`: takes every schedule of a system, and reports. */
export async function checkCommand(
  name: string,
  options: CheckCommandOptions,
  edge: Edge,
  tool: string,
): Promise<number> {
  const { terminal, signal } = edge;
  const isFile = looksLikeFile(name);
  const { system, properties } = await findChecked(name, isFile, edge);
  const { seed, maxStates, maxSteps, timeout, outDir, json } = options;
  const reference = referenceOf(name, isFile);
  const warn = (message: string): void => terminal.err(`interlace: ${message}\n`);
  const saved = options.saved ? savedCounterexamples(outDir, reference, warn) : [];
  let showsProgress = false;
  const outcome = await check(system, {
    properties,
    seed,
    signal,
    saved: saved.map(({ file, ...run }) => ({ ...run, name: file })),
    strategy: exhaustive({
      order: options.order,
      reduction: options.reduction,
      fingerprint: options.fingerprint === '128' ? 128 : 64,
    }),
    bounds: {
      ...(maxStates === undefined ? {} : { states: maxStates }),
      ...(maxSteps === undefined ? {} : { depth: maxSteps }),
      ...(timeout === undefined ? {} : { seconds: timeout }),
      ...(options.violations === undefined ? {} : { violations: options.violations }),
    },
    onProgress: (count) => {
      if (!terminal.showsProgress) return;
      showsProgress = true;
      terminal.err(`\r\u001b[K${progressLine(count)}`);
    },
  });
  if (showsProgress) terminal.err('\r\u001b[K');
  const known = outcome.saved.filter(({ now }) => now === 'violated').map((result) => result.name);
  const written = new Set<string>();
  const violations = outcome.violations.map((violation, i) => {
    const counterexampleFile = known[i] ?? saveCounterexample(outDir, reference, violation, tool, written);
    return { ...violation, counterexampleFile };
  });
  if (json) printJson(terminal, { scenario: name, ...outcome, violations });
  else {
    const replays = violations.map(({ counterexampleFile }) => `npx interlace replay ${counterexampleFile}`);
    const saved = replays.length === 0 ? [] : ['', ...replays.map((line) => `again: ${line}`)];
    terminal.out(`${[...reportLines(outcome), ...saved].join('\n')}\n`);
  }
  if (outcome.stoppedBy === 'abort') return interruptedBy(signal);
  if (outcome.verdict === 'violated') return ExitCode.violated;
  return outcome.verdict === 'inconclusive' && options.failOnIncomplete
    ? ExitCode.inconclusive
    : ExitCode.done;
}
