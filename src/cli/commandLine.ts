import { readFileSync } from 'node:fs';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { UsageError } from '../kernel/usageError.js';
import { listCommand } from './list.js';
import { type RunOptions, runCommand } from './run.js';

/** Exit codes of `interlace`, the same for every verb. */
const ExitCode = { done: 0, violated: 1, misuse: 2, inconclusive: 3, interrupted: 130 } as const;

/**
 * Runs one command.
 *
 * @param argv the words after `interlace`
 * @returns the exit code
 */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  process.stdout.on('error', endOnClosedPipe);
  let code: number = ExitCode.done;
  const program = new Command('interlace')
    .description('Sees and proves what concurrent code does: XState actors under every schedule.')
    .version(version(), '--version', 'print the version')
    .helpOption('--help', 'print this help')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'interlace: ')) });
  program
    .command('list')
    .description('what there is to run: scenarios, example systems, minidrivers')
    .option('--json', 'one JSON document on stdout')
    .action((options: { json?: true }) => {
      code = listCommand(options.json === true);
    });
  program
    .command('run')
    .argument('<scenario>', 'a name that `interlace list` shows')
    .description('play one schedule, in virtual time')
    .option('--seed <n>', 'decides every choice; same seed, same run', wholeNumber, 1)
    .option('--max-steps <n>', 'end a run that would go on', wholeNumber, 10_000)
    .option('--json', 'one JSON document on stdout')
    .action((scenario: string, options: RunOptions) => {
      code = runCommand(scenario, options);
    });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.done : ExitCode.misuse;
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`interlace: ${error.message}\n`);
    return ExitCode.misuse;
  }
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError('Use a whole number, 0 or more.');
}

function version(): string {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
  );
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown';
}

/** A reader that has seen enough (`| head`) is no error. */
function endOnClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
  throw error;
}
