import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { UsageError } from 'interlace';

/** How SPIN's verifier is compiled, from exact to compact. */
const MODES = [
  { mode: 'partial-order reduction', flags: ['-O2', '-DSAFETY'] },
  { mode: 'no reduction', flags: ['-O2', '-DSAFETY', '-DNOREDUCE'] },
  { mode: 'hash-compact', flags: ['-O3', '-DSAFETY', '-DHC4'] },
] as const;

/** SPIN stores one state that is none of the system's: before its init process has put the first messages into the mailboxes. */
const SPIN_EXTRA_STATES = 1;
const DEPTH = 1_000_000;

interface Run {
  readonly states: number;
  readonly seconds: number;
  /** Of all threads; says more than {@link seconds} where other programs run beside. */
  readonly cpuSeconds: number;
}

interface Times {
  readonly states: number;
  readonly runs: readonly Run[];
  /** The least of all runs, and their median. */
  readonly seconds: readonly [least: number, median: number];
  readonly cpuSeconds: readonly [least: number, median: number];
}

/** Our least time as a share of another's. */
interface Ratio {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

interface SpinMode extends Times {
  readonly mode: string;
  readonly flags: string;
  /** How many of the system's states the mode did not find. */
  readonly statesLost: number;
  readonly ratio: Ratio;
}

interface SpinComparison {
  readonly clients: number;
  readonly requests: number;
  readonly spin: readonly SpinMode[];
  /** The whole call of `check` in a fresh process: a property, counterexample bookkeeping, no reduction, exact counts. */
  readonly interlace: Times;
  readonly ratioToFastest: Ratio;
  /** Of the modes that lost no state. */
  readonly ratioToFastestExact: Ratio;
  /** The same with reduction. */
  readonly reduced: Times & { readonly ratioToFastestExact: Ratio };
  readonly notes: readonly string[];
}

/**
 * Compares a search of ours with SPIN's: the same system, the same numbers of clients and requests, in turns, `runs` times each.
 *
 * @throws UsageError when SPIN is not there and cannot be installed, or a program of SPIN's fails
 */
export function benchSpin(clients: number, requests: number, runs: number): SpinComparison {
  needs('spin', 'spin');
  needs('gcc', 'gcc');
  const folder = mkdtempSync(join(tmpdir(), 'interlace-spin-'));
  try {
    const verifiers = MODES.map((mode, i) => {
      const program = join(folder, `pan${i}`);
      compile(folder, clients, requests, mode.flags, program);
      return { ...mode, program };
    });
    const spin = verifiers.map((): Run[] => []);
    const interlace: Run[] = [];
    const reduced: Run[] = [];
    for (let run = 0; run < runs; run++) {
      const own = ours(clients, requests);
      interlace.push(own);
      reduced.push(ours(clients, requests, 'reduced'));
      for (const [i, { program }] of verifiers.entries()) spin[i]?.push(verify(folder, program, own.states));
    }
    return comparison(clients, requests, spin, times(interlace), times(reduced));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function comparison(
  clients: number,
  requests: number,
  spin: readonly (readonly Run[])[],
  own: Times,
  reduced: Times,
): SpinComparison {
  const modes = MODES.map(({ mode, flags }, i) => {
    const measured = times(spin[i] ?? []);
    return {
      mode,
      flags: flags.join(' '),
      ...measured,
      statesLost: own.states + SPIN_EXTRA_STATES - measured.states,
      ratio: ratio(own, [measured]),
    };
  });
  const lossless = modes.filter(({ statesLost }) => statesLost === 0);
  return {
    clients,
    requests,
    spin: modes,
    interlace: own,
    ratioToFastest: ratio(own, modes),
    ratioToFastestExact: ratio(own, lossless),
    reduced: { ...reduced, ratioToFastestExact: ratio(reduced, lossless) },
    notes: [
      `SPIN stores ${SPIN_EXTRA_STATES} state more than the system has: the one before its init process has put the first messages into the mailboxes.`,
      'SPIN’s seconds are those of its verifier, without translation and compilation; ours are those of the whole call of check.',
      ...modes
        .filter(({ statesLost }) => statesLost > 0)
        .map(({ mode, statesLost }) => `SPIN, ${mode}: lost ${statesLost} states.`),
    ],
  };
}

function times(runs: readonly Run[]): Times {
  const leastAndMedian = (numbers: readonly number[]): readonly [number, number] => {
    const sorted = [...numbers].sort((a, b) => a - b);
    return [sorted[0] ?? 0, sorted[sorted.length >> 1] ?? 0];
  };
  return {
    states: runs[0]?.states ?? 0,
    runs,
    seconds: leastAndMedian(runs.map(({ seconds }) => seconds)),
    cpuSeconds: leastAndMedian(runs.map(({ cpuSeconds }) => cpuSeconds)),
  };
}

/** Our least times as a share of the least of some others. */
function ratio(own: Times, others: readonly Times[]): Ratio {
  const of = (which: 'seconds' | 'cpuSeconds'): number =>
    Number((own[which][0] / Math.min(...others.map((other) => other[which][0]))).toFixed(3));
  return { seconds: of('seconds'), cpuSeconds: of('cpuSeconds') };
}

/** A program that is there, or that Debian's package manager installs now. */
function needs(program: string, debianPackage: string): void {
  if (isThere(program)) return;
  const install = ['install', '-y', debianPackage];
  for (const args of [install, ['update'], install]) {
    spawnSync('apt-get', args, { stdio: 'ignore' });
    if (isThere(program)) return;
  }
  throw new UsageError(
    `this benchmark needs '${program}', which is not there and could not be installed`,
    `install it (on Debian: apt-get install ${debianPackage})`,
  );
}

function isThere(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;
}

function compile(
  folder: string,
  clients: number,
  requests: number,
  flags: readonly string[],
  program: string,
): void {
  // The Promela text lies beside the sources; this file runs in dist/bench.
  const model = resolve(import.meta.dirname, '../../bench/requests.pml');
  const memoryMegabytes = Math.floor(totalmem() / 2 ** 21);
  run(folder, 'spin', [`-DN=${clients}`, `-DK=${requests}`, '-a', model]);
  run(folder, 'gcc', [...flags, `-DMEMLIM=${memoryMegabytes}`, '-w', '-o', program, 'pan.c']);
}

/** @param states how many it will find: the hash table gets twice as many places, so that no chain is long */
function verify(folder: string, program: string, states: number): Run {
  const hashBits = Math.ceil(Math.log2(states)) + 1;
  const started = performance.now();
  // The shell says last what the verifier took: the user's and the system's part.
  const report = run(folder, 'sh', ['-c', `"${program}" -E -m${DEPTH} -w${hashBits}; times`]);
  const seconds = (performance.now() - started) / 1000;
  const found = /(\S+) states, stored/.exec(report)?.[1];
  const errors = /errors: (\d+)/.exec(report)?.[1];
  if (found === undefined || errors !== '0' || /not complete|max search depth too small/i.test(report))
    throw new UsageError(`SPIN did not come to an end: ${report.trim()}`, 'try fewer clients or requests');
  const [user, system] = [...(report.trim().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, rest]) => Number(minutes) * 60 + Number(rest),
  );
  return { states: Number(found), seconds: round(seconds), cpuSeconds: round((user ?? 0) + (system ?? 0)) };
}

const round = (seconds: number): number => Number(seconds.toFixed(2));

/** One check of ours, in a process of its own. */
function ours(clients: number, requests: number, ...reduced: readonly 'reduced'[]): Run {
  const bench = join(import.meta.dirname, 'main.js');
  const report = run(process.cwd(), process.execPath, [
    bench,
    'steps',
    `${clients}`,
    `${requests}`,
    ...reduced,
  ]);
  const { states, seconds, cpuSeconds }: Run = JSON.parse(report);
  return { states, seconds, cpuSeconds };
}

function run(cwd: string, program: string, args: readonly string[]): string {
  try {
    return execFileSync(program, args, { cwd, encoding: 'utf8', maxBuffer: 2 ** 26 });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`'${program}' failed: ${why}`, 'try fewer clients or requests');
  }
}
