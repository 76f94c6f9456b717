import { Console } from 'node:console';
import { reasonOf } from '../kernel/reasonOf.js';
import { ExitCode } from './edge.js';
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
 */
export function watchGuest({ err }: Terminal, signal: AbortSignal): Guest {
  let hasFailed = false;
  globalThis.console = new Console(process.stderr, process.stderr);
  const onThrown = (error: unknown): void => {
    hasFailed = true;
    process.exitCode = ExitCode.misuse;
    err(
      `interlace: code that nobody waits for threw: ${reasonOf(error)}; let a file start no timers and promises\n`,
    );
  };
  const onExit = (): void => {
    if (signal.aborted) return;
    process.exitCode = ExitCode.misuse;
    err('interlace: the process has ended before the command; let a file neither exit nor wait for ever\n');
  };
  process.on('uncaughtException', onThrown);
  process.on('exit', onExit);
  return {
    get hasFailed() {
      return hasFailed;
    },
    leave() {
      process.off('exit', onExit);
    },
  };
}
