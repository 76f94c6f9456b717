import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createJiti } from 'jiti';
import { reasonOf } from '../kernel/reasonOf.js';
import { UsageError } from '../kernel/usageError.js';
import { isProperty, type Property } from '../property/property.js';
import { isSystem, type System } from '../runtime/system.js';

/** What a file of the user's exports. */
export interface UserFile {
  readonly system: System;
  readonly properties: readonly Property[];
}

const IS_SCRIPT = /\.[cm]?[jt]sx?$/;

/** Whether a word on the command line is meant as a file, not as a name of ours. */
export function looksLikeFile(word: string): boolean {
  return IS_SCRIPT.test(word) || word.includes('/') || word.includes('\\');
}

/**
 * Loads a file that exports a system (default export) and optionally `properties`. TypeScript needs no build step.
 *
 * @param signal ends the waiting for a file that waits itself
 * @throws UsageError when the file is not there, does not run, or exports something else
 */
export async function loadUserFile(file: string, signal: AbortSignal): Promise<UserFile> {
  const path = resolve(file);
  if (!existsSync(path))
    throw new UsageError(`${file} cannot be read: there is no such file`, 'give a .ts or .js file');
  if (statSync(path).isDirectory()) throw new UsageError(`${file} is a folder`, 'give a .ts or .js file');
  if (!IS_SCRIPT.test(path)) throw new UsageError(`${file} is no script`, 'give a .ts or .js file');
  const { default: system, properties = [] } = exportsOf(await load(file, path, signal));
  if (!isSystem(system)) {
    throw new UsageError(
      `${file} has no system as its default export`,
      'write export default defineSystem({ … })',
    );
  }
  if (!isListOfProperties(properties)) {
    throw new UsageError(
      `'properties' of ${file} is no list of properties`,
      'write export const properties = [never(…), reachable(…), eventually(…), monitor(…)]',
    );
  }
  return { system, properties };
}

interface Exports {
  readonly default?: unknown;
  readonly properties?: unknown;
}

/** What a file exports. All of `module.exports`, also what a compiler has put there, is the default export of the module. */
function exportsOf(module: Exports): Exports {
  const { default: all } = module;
  return typeof all === 'object' && all !== null && 'default' in all && !isSystem(all) ? all : module;
}

async function load(file: string, path: string, signal: AbortSignal): Promise<Exports> {
  const jiti = createJiti(import.meta.url, { moduleCache: false, interopDefault: false });
  try {
    return await Promise.race([
      jiti.import<Exports>(pathToFileURL(path).href),
      whenInterrupted(file, signal),
    ]);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      `${file} does not run: ${inOneLine(error, path)}`,
      'mend it so that `node` or `tsx` could load it',
      {
        cause: error,
      },
    );
  }
}

function whenInterrupted(file: string, signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const interrupted = new UsageError(
      `you interrupted before ${file} was loaded`,
      'let a file not wait for anything while it is loaded',
    );
    signal.addEventListener('abort', () => reject(interrupted), { once: true });
  });
}

/** What was thrown, in one line, and short; the file is named by whoever says it. */
function inOneLine(error: unknown, path: string): string {
  const message = error instanceof Error && error.message === '' ? error.name : reasonOf(error);
  const [said = message] = message.split('\nRequire stack:');
  const line = said.replaceAll(path, '').replaceAll(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}

function isListOfProperties(value: unknown): value is readonly Property[] {
  return Array.isArray(value) && value.every(isProperty);
}
