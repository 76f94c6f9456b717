import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
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
  return { kind: 'file', path: fromHere(name) };
}

/**
 * Writes a violation down, under a name that the next check of the same system gives it too.
 *
 * @param written the files that this check has written; the new one is added
 * @returns the file, relative to the current folder
 * @throws UsageError when the folder cannot be written to
 */
export function saveCounterexample(
  outDir: string,
  system: SystemReference,
  { property, message, shortest, schedule, loopAt }: Violation,
  tool: string,
  written: Set<string>,
): string {
  const name = system.kind === 'bundled' ? system.name : system.path.replace(/\.[^.]*$/, '');
  const stem = join(outDir, 'counterexamples', `${slug(name)}.${slug(property)}`);
  const file = fileFor(stem, system, property, written);
  written.add(file);
  const run = { property, message, shortest, schedule, ...(loopAt === undefined ? {} : { loopAt }) };
  const text = counterexampleText({ formatVersion: 1, tool, system, ...run });
  try {
    makeFolder(join(outDir, 'counterexamples'));
    writeFileSync(file, text);
  } catch (error) {
    throw new UsageError(`${file} cannot be written`, 'give --out-dir a folder that can be written to', {
      cause: error,
    });
  }
  return fromHere(file);
}

/** The file of that stem, or with a number behind it where this check, or another property whose name reads alike, has that one. */
function fileFor(
  stem: string,
  system: SystemReference,
  property: string,
  written: ReadonlySet<string>,
): string {
  for (let k = 1; ; k++) {
    const file = k === 1 ? `${stem}.json` : `${stem}-${k}.json`;
    if (!written.has(file) && !isOfAnother(file, system, property)) return file;
  }
}

/** Whether a file holds a counterexample of another property or system. */
function isOfAnother(file: string, system: SystemReference, property: string): boolean {
  if (!existsSync(file)) return false;
  try {
    const there = loadCounterexample(file);
    return there.property !== property || !isSame(there.system, system);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return false;
  }
}

/** Folder by folder: where nothing can be made (`/proc/x`), `mkdirSync` with `recursive` never ends. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}

/**
 * The counterexamples of a system that were saved before, in the order of their names.
 *
 * @param warn hears of files in the folder that are no counterexamples; they are passed over
 */
export function savedCounterexamples(
  outDir: string,
  system: SystemReference,
  warn: (message: string) => void,
): readonly (Counterexample & { readonly file: string })[] {
  const folder = join(outDir, 'counterexamples');
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  return names.sort().flatMap((name) => {
    const file = fromHere(join(folder, name));
    try {
      const saved = loadCounterexample(file);
      return isSame(saved.system, system) ? [{ ...saved, file }] : [];
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      warn(`${error.problem}: it is passed over; mend it or remove it`);
      return [];
    }
  });
}

/** A path relative to the current folder, with `/` between its parts. */
function fromHere(path: string): string {
  return relative('.', resolve(path)).split(sep).join('/');
}

function isSame(a: SystemReference, b: SystemReference): boolean {
  if (a.kind === 'file') return b.kind === 'file' && a.path === b.path;
  return b.kind === 'bundled' && a.name === b.name;
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

/** Two of these and a number must fit into the 255 bytes that file systems take. */
const SLUG_BYTES = 100;

function slug(text: string): string {
  let kept = '';
  for (const letter of text.replaceAll(/[^\p{L}\p{N}]+/gu, '-').replaceAll(/^-|-$/g, '')) {
    if (Buffer.byteLength(kept + letter) > SLUG_BYTES) break;
    kept += letter;
  }
  return kept;
}
