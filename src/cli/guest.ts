import { Console } from 'node:console';
import { reasonOf } from '../kernel/reasonOf.js';
import { ExitCode, printJson } from './edge.js';
import type { Terminal } from './terminal.js';

/** What is known of code of the user's that runs in this process. */
export interface Guest {
  /** Whether it threw where nobody waits for it. */
  readonly hasFailed: boolean;
  /** The command has ended. */
  leave(): void;
}

/**
 * Code of the user's shares the process with the command. What it prints goes to stderr, because stdout is the report's; when it
 * ends the process, or throws in a timer or a promise of its own, the exit code is that of a misuse, and a sentence says so.
 *
 * @param asJson whether the command owes a document on stdout, also when its process ends before it
 */
export function watchGuest(terminal: Terminal, signal: AbortSignal, asJson: boolean): Guest {
  let hasFailed = false;
  const { stdout, stderr } = process;
  globalThis.console = new Console(stderr, stderr);
  const write = stdout.write;
  stdout.write = stderr.write.bind(stderr);
  const onThrown = (error: unknown): void => {
    hasFailed = true;
    process.exitCode = ExitCode.misuse;
    terminal.err(
      `interlace: code that nobody waits for threw: ${reasonOf(error)}; let a file start no timers and promises\n`,
    );
  };
  const onExit = (): void => {
    if (signal.aborted) return;
    process.exitCode = ExitCode.misuse;
    const what = 'the process has ended before the command; let a file neither exit nor wait for ever';
    terminal.err(`interlace: ${what}\n`);
    if (asJson) printJson(terminal, { error: what });
  };
  process.on('uncaughtException', onThrown);
  process.on('exit', onExit);
  return {
    get hasFailed() {
      return hasFailed;
    },
    leave() {
      process.off('exit', onExit);
      stdout.write = write;
    },
  };
}
