import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { reasonOf } from '../kernel/reasonOf.js';
import { UsageError } from '../kernel/usageError.js';
import { packageFolder } from './catalog.js';
import { type CheckCommandOptions, checkCommand } from './check.js';
import { type Edge, ExitCode, interruptedBy, printJson, processEdge } from './edge.js';
import { watchGuest } from './guest.js';
import { onInterruption } from './interruption.js';
import { listCommand } from './list.js';
import { replayCommand } from './replay.js';
import { runCommand } from './run.js';
import type { RunOptions } from './runOptions.js';

/**
 * Runs one command of this process.
 *
 * @param argv the words after `interlace`
 * @returns the exit code
 */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  const { signal, release } = onInterruption();
  const edge = processEdge(signal);
  const guest = watchGuest(edge.terminal, signal, asksForJson(argv));
  try {
    const code = await runCommandAt(edge, argv);
    return guest.hasFailed ? ExitCode.misuse : code;
  } finally {
    guest.leave();
    release();
  }
}

/** Runs one command at an edge of the caller's. */
export async function runCommandAt(edge: Edge, argv: readonly string[]): Promise<number> {
  const { terminal } = edge;
  let code: number = ExitCode.done;
  const program = newProgram(edge);
  program
    .command('list')
    .description('what there is to run: scenarios, example systems, minidrivers')
    .option('--json', 'one JSON document on stdout')
    .action((options: { json?: true }) => {
      code = listCommand(options, edge);
    });
  program
    .command('run')
    .argument('<scenario|file.ts>', 'a name that `interlace list` shows, or a file that exports a system')
    .description('play one schedule, in virtual time, with frames')
    .option('--seed <n>', 'decides every choice; same seed, same run', wholeNumber(0), 1)
    .option('--max-steps <n>', 'end a run that would go on', wholeNumber(1))
    .option('--frames <in.y4m>', 'what the camera sees (default: a small clip that comes with it)', fileName)
    .option('--out <out.y4m>', 'where the frames go that arrive', fileName)
    .option('--buffers <n>', 'reads that the client keeps outstanding (default: 4)', wholeNumber(1, 1000))
    .option(
      '--client-delay <ms>',
      'virtual time between a completed read and the next one (default: 0)',
      wholeNumber(0),
    )
    .option('--timeline', 'print every step of a long run, not only the first and last')
    .option('--json', 'one JSON document on stdout')
    .action(async (scenario: string, options: RunOptions) => {
      code = await runCommand(scenario, options, edge);
    });
  program
    .command('check')
    .argument('<system|file.ts>', 'a name that `interlace list` shows, or a file that exports a system')
    .description('take every schedule, and say what is wrong with any')
    .addOption(
      new Option('--strategy <name>', 'how to go through the schedules')
        .choices(['exhaustive'])
        .default('exhaustive'),
    )
    .addOption(
      new Option('--order <order>', 'breadth first finds shortest runs, depth first keeps few states waiting')
        .choices(['bfs', 'dfs'])
        .default('bfs'),
    )
    .option(
      '--no-reduction',
      'try also orders of steps that have nothing to do with each other; counts are exact',
    )
    .addOption(
      new Option('--fingerprint <bits>', 'how much of a state is kept; 128 leaves no doubt, for more memory')
        .choices(['64', '128'])
        .default('64'),
    )
    .option(
      '--seed <n>',
      'is written into the outcome; taking all schedules leaves nothing to it',
      wholeNumber(0),
      1,
    )
    .option('--max-states <n>', 'count no more than so many distinct states', wholeNumber(1))
    .option('--max-steps <n>', 'take no run further than so many steps', wholeNumber(1))
    .option('--timeout <s>', 'stop after so many seconds', wholeNumber(1))
    .option('--violations <n>', 'how many violations to look for (default: 1)', wholeNumber(1))
    .option('--out-dir <folder>', 'where counterexamples go, and saved ones are', fileName, '.interlace')
    .option('--no-saved', 'do not play the saved counterexamples of the system first')
    .option('--fail-on-incomplete', 'exit with 3 when a bound ended the search')
    .option('--json', 'one JSON document on stdout')
    .action(async (name: string, options: CheckCommandOptions) => {
      code = await checkCommand(name, options, edge, `interlace ${version()}`);
    });
  program
    .command('replay')
    .argument('<counterexample.json>', 'a file that `interlace check` has written')
    .description(
      'take the same run again: exit 1 when it still goes wrong, 0 when not, 2 when it fits no more',
    )
    .option('--json', 'one JSON document on stdout')
    .action(async (file: string, options: { json?: true }) => {
      code = await replayCommand(file, options, edge);
    });
  for (const command of program.commands) command.option('--no-color', 'plain text, which it always is');
  program
    .command('help')
    .argument('[command]', 'one of the commands')
    .description('what a command does, and its options')
    .action((name?: string) => {
      terminal.out(helpText(program, name));
    });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    return misuse(error, edge, argv);
  }
}

function newProgram({ terminal }: Edge): Command {
  return new Command('interlace')
    .description('Sees and proves what concurrent code does: XState actors under every schedule.')
    .version(version(), '--version', 'print the version')
    .helpOption('--help', 'print this help')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.err(text),
      outputError: (text, write) => write(`interlace: ${inOneSentence(text)}\n`),
    });
}

/** @throws UsageError when there is no command of that name */
function helpText(program: Command, name?: string): string {
  if (name === undefined) return program.helpInformation();
  const command = program.commands.find((one) => one.name() === name);
  if (command) return command.helpInformation();
  throw new UsageError(
    `there is no command '${name}'`,
    `what there is: ${program.commands.map((one) => one.name()).join(', ')}`,
  );
}

/** Whether there is a document in every ending, whatever else is wrong with the words. */
function asksForJson(argv: readonly string[]): boolean {
  return argv.includes('--json');
}

/** Says what the user did wrong; with `--json` there is a document even then. */
function misuse(error: unknown, { terminal, signal }: Edge, argv: readonly string[]): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return ExitCode.done;
  } else if (error instanceof UsageError) {
    terminal.err(`interlace: ${error.message}\n`);
  } else {
    // Exit code 1 would say that something is violated.
    const what = error instanceof Error ? error.stack : reasonOf(error);
    terminal.err(`interlace: internal error, please report it: ${what}\n`);
  }
  if (asksForJson(argv)) printJson(terminal, { error: inOneSentence(reasonOf(error)) });
  return signal.aborted ? interruptedBy(signal) : ExitCode.misuse;
}

/** What is wrong with the words of a command; where they are other ones than there are, also how to find these. */
function inOneSentence(message: string): string {
  const text = message
    .replace(/^error: /, '')
    .trim()
    .replaceAll('\n', ' ');
  if (!/^(unknown|missing|too many) /.test(text)) return text;
  return `${text.replace(/\.$/, '')}; \`interlace help\` says what there is`;
}

function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    const range = most < Number.MAX_SAFE_INTEGER ? `from ${least} to ${most}` : `, ${least} or more`;
    throw new InvalidArgumentError(`Use a whole number${range.startsWith(',') ? '' : ' '}${range}.`);
  };
}

function fileName(text: string): string {
  if (text.trim() !== '') return text;
  throw new InvalidArgumentError('Give a name.');
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown';
}
