import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import type { Violation } from '../explore/outcome.js';
import { UsageError } from '../kernel/usageError.js';
import {
  type Counterexample,
  counterexampleText,
  parseCounterexample,
  type SystemReference,
} from '../trace/counterexample.js';

/** How a word on the command line is written into a counterexample. */
export function referenceOf(name: string, isFile: boolean): SystemReference {
  if (!isFile) return { kind: 'bundled', name };
  return { kind: 'file', path: relative('.', resolve(name)).split(sep).join('/') };
}

/**
 * Writes a violation down, under a name that the next check of the same system gives it too.
 *
 * @returns the file, relative to the current folder
 * @throws UsageError when the folder cannot be written to
 */
export function saveCounterexample(
  outDir: string,
  system: SystemReference,
  { property, message, shortest, schedule }: Violation,
  tool: string,
): string {
  const name = system.kind === 'bundled' ? system.name : system.path.replace(/\.[^.]*$/, '');
  const file = join(outDir, 'counterexamples', `${slug(name)}.${slug(property)}.json`);
  const text = counterexampleText({ formatVersion: 1, tool, system, property, message, shortest, schedule });
  try {
    mkdirSync(join(outDir, 'counterexamples'), { recursive: true });
    writeFileSync(file, text);
  } catch (error) {
    throw new UsageError(`${file} cannot be written`, 'give --out-dir a folder that can be written to', {
      cause: error,
    });
  }
  return file.split(sep).join('/');
}

/** @throws UsageError when the file is not there or is something else */
export function loadCounterexample(file: string): Counterexample {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read`, 'give a file that `interlace check` has written', {
      cause: error,
    });
  }
  return parseCounterexample(text, file);
}

function slug(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}]+/gu, '-').replaceAll(/^-|-$/g, '');
}
