import { jsonText } from '../kernel/jsonText.js';
import { bundled, type Catalog } from './catalog.js';
import { processTerminal, type Terminal } from './terminal.js';

/** All that a command touches of the world outside. */
export interface Edge {
  readonly terminal: Terminal;
  readonly catalog: Catalog;
  /** Aborted by Ctrl-C; its reason is the exit code. */
  readonly signal: AbortSignal;
}

/** The edge of this process. */
export function processEdge(signal: AbortSignal): Edge {
  return { terminal: processTerminal(), catalog: bundled, signal };
}

/** Exit codes of `interlace`, the same for every verb. */
export const ExitCode = { done: 0, violated: 1, misuse: 2, inconclusive: 3, interrupted: 130 } as const;

/** The exit code of a command that was interrupted. */
export function interruptedBy(signal: AbortSignal): number {
  return Number(signal.reason) || ExitCode.interrupted;
}

/** Prints one JSON document, the only thing on stdout. */
export function printJson(terminal: Terminal, document: object): void {
  terminal.out(`${jsonText({ formatVersion: 1, ...document })}\n`);
}
