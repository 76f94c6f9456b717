import { UsageError } from '../kernel/usageError.js';

/** Where the system of a counterexample is found again. */
export type SystemReference =
  | { readonly kind: 'bundled'; readonly name: string }
  /** A file of the user's, relative to the folder in which `check` was called, with `/` between its parts. */
  | { readonly kind: 'file'; readonly path: string };

/** A run that violated a property, as a file that can be kept and committed. */
export interface Counterexample {
  readonly formatVersion: 1;
  readonly tool: string;
  readonly system: SystemReference;
  readonly property: string;
  readonly message: string;
  readonly shortest: boolean;
  /** The choices, separated by blanks. */
  readonly schedule: string;
  /** Of a run that goes round for ever: after how many steps the loop begins. It closes where the schedule ends. */
  readonly loopAt?: number;
}

/** The bytes of a counterexample file: the same for the same counterexample. */
export function counterexampleText(counterexample: Counterexample): string {
  const { formatVersion, tool, system, property, message, shortest, schedule, loopAt } = counterexample;
  const document = { formatVersion, tool, system, property, message, shortest, schedule, loopAt };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/**
 * Reads a counterexample file.
 *
 * @param where names the file in the error
 * @throws UsageError when it is something else, or of a later version
 */
export function parseCounterexample(text: string, where: string): Counterexample {
  let document: unknown;
  try {
    // Some editors put a byte order mark in front.
    document = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new UsageError(`${where} is no JSON`, FIX, { cause: error });
  }
  if (!isRecord(document) || !('formatVersion' in document))
    throw new UsageError(`${where} is no counterexample`, FIX);
  if (document['formatVersion'] !== 1) {
    throw new UsageError(
      `${where} has the format version ${JSON.stringify(document['formatVersion'])}, and this is version 1`,
      'use the version of interlace that wrote it, or check again',
    );
  }
  if (isCounterexample(document)) return document;
  throw new UsageError(`${where} lacks a part of a counterexample`, FIX);
}

const FIX = 'give a file that `interlace check` has written';

function isCounterexample(
  document: Readonly<Record<string, unknown>>,
): document is Counterexample & Record<string, unknown> {
  const { system, loopAt } = document;
  return (
    ['tool', 'property', 'message', 'schedule'].every((key) => typeof document[key] === 'string') &&
    typeof document['shortest'] === 'boolean' &&
    (loopAt === undefined || (typeof loopAt === 'number' && Number.isSafeInteger(loopAt) && loopAt >= 0)) &&
    isRecord(system) &&
    ((system['kind'] === 'bundled' && typeof system['name'] === 'string') ||
      (system['kind'] === 'file' && typeof system['path'] === 'string'))
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
