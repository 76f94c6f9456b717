import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundled } from '../../src/cli/catalog.js';
import { interlace } from './commandLine.js';

const root = resolve(import.meta.dirname, '../..');
let folder: string;
beforeEach(() => {
  mkdirSync(join(root, '.interlace'), { recursive: true });
  folder = mkdtempSync(join(root, '.interlace/replay '));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Checks the philosophers; gives the file with the counterexample. */
async function counterexample(): Promise<string> {
  const argv = ['check', 'dining-philosophers', '--json', '--out-dir', folder];
  const { out } = await interlace(argv, { catalog: bundled });
  return JSON.parse(out).violations[0].counterexampleFile;
}

function put(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

describe('interlace replay', () => {
  it('shows the same violation again, twice the same bytes', async () => {
    const file = await counterexample();
    expect(readdirSync(join(folder, 'counterexamples'))).toEqual(['dining-philosophers.no-deadlock.json']);
    const bytes = readFileSync(file);
    const first = await interlace(['replay', file], { catalog: bundled });
    const second = await interlace(['replay', file], { catalog: bundled });
    expect([first.code, first.err]).toEqual([1, '']);
    expect(first.out).toContain('\nviolated again: no deadlock: nothing can happen any more');
    expect(second.out).toBe(first.out);
    expect(readFileSync(await counterexample()).equals(bytes)).toBe(true);
    const json = await interlace(['replay', file, '--json'], { catalog: bundled });
    expect(JSON.parse(json.out)).toMatchObject({ formatVersion: 1, violated: true });
  });

  it('says at which step a changed system stops to fit, and what is not violated any more', async () => {
    const document = JSON.parse(readFileSync(await counterexample(), 'utf8'));
    const bent = put(
      'bent.json',
      JSON.stringify({ ...document, schedule: 'fork0 philosopher0 fork9 fork1' }),
    );
    const misfit = await interlace(['replay', bent], { catalog: bundled });
    expect(misfit.code).toBe(2);
    expect(misfit.out).toContain(
      "step 3 does not fit any more: 'fork9' cannot happen there\nwhat can: fork1 fork2",
    );
    const short = put('short.json', JSON.stringify({ ...document, schedule: 'fork0 philosopher0' }));
    const sound = await interlace(['replay', short], { catalog: bundled });
    expect(sound.code).toBe(0);
    expect(sound.out).toContain("fits, and does not violate 'no deadlock'");
  });

  it('refuses what is no counterexample of ours', async () => {
    const cases = [
      [join(folder, 'gone.json'), 'cannot be read'],
      [put('text.json', 'not json'), 'is no JSON'],
      [put('other.json', '{"a": 1}'), 'is no counterexample'],
      [put('later.json', '{"formatVersion": 2}'), 'has the format version 2'],
      [put('half.json', '{"formatVersion": 1, "tool": "interlace 0.1.0"}'), 'lacks a part'],
    ] as const;
    for (const [file, message] of cases) {
      const { code, err } = await interlace(['replay', file]);
      expect([code, err.includes(message)]).toEqual([2, true]);
    }
  });
});
