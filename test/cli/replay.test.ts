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

  it('reads a file that begins with a byte order mark', async () => {
    const bytes = readFileSync(await counterexample(), 'utf8');
    const { code } = await interlace(['replay', put('marked.json', `\uFEFF${bytes}`)], { catalog: bundled });
    expect(code).toBe(1);
  });

  it('ends with 1 when another property is violated, and knows which ones there are', async () => {
    const file = (properties: string): string =>
      put(
        'two.ts',
        `import { defineSystem, never, reachable } from 'interlace';
import { setup } from 'xstate';
const machine = setup({}).createMachine({
  initial: 'a',
  states: { a: { tags: ['idle'], meta: { offers: ['UP'] }, on: { UP: 'b' } }, b: { tags: ['idle'] } },
});
const isB = (world) => world.snapshot('one').value === 'b';
export default defineSystem({ name: 'two', actors: { one: { logic: machine } } });
export const properties = [${properties}];
`,
      );
    const argv = ['check', file("never('b', isB), never('c', () => false)"), '--out-dir', folder, '--json'];
    const saved = JSON.parse((await interlace(argv)).out).violations[0].counterexampleFile;
    const document = JSON.parse(readFileSync(saved, 'utf8'));
    const other = put('other.json', JSON.stringify({ ...document, property: 'c' }));
    const replayed = await interlace(['replay', other]);
    expect(replayed.code).toBe(1);
    expect(replayed.out).toContain("fits, and does not violate 'c'");
    expect(replayed.out).toContain('violated: b: it is so, and never may be');
    file("never('not b', isB)");
    expect(await interlace(['replay', saved])).toEqual({
      code: 2,
      out: '',
      err: `interlace: ${saved} violates 'b', and the system has no property of that name any more; name it as it was, or run \`interlace check\` again\n`,
    });
    file("reachable('b', isB, { required: true })");
    const all = await interlace(['replay', saved]);
    expect([all.code, all.out]).toEqual([2, '']);
    expect(all.err).toContain("says of all runs that none comes to 'b', which no single run can show; run");
  });

  it('goes round a loop again, and says when it does not close any more', async () => {
    const spin = (ends: boolean): string =>
      put(
        'spin.ts',
        `import { defineSystem, eventually } from 'interlace';
import { sendTo, setup } from 'xstate';
const go = sendTo(({ self }) => self, { type: 'GO' });
const spinner = setup({}).createMachine({
  entry: go,
  initial: 'a',
  states: { a: { on: { GO: { target: 'b', actions: go } } }, b: { on: { GO: { target: ${ends ? "'c'" : "'a'"}, actions: go } } }, c: {} },
});
export default defineSystem({ name: 'spin', actors: { spinner: { logic: spinner } } });
export const properties = [eventually('c', (world) => world.snapshot('spinner')?.value === 'd')];`,
      );
    const check = await interlace(['check', spin(false), '--json', '--out-dir', folder]);
    expect([check.err, check.code]).toEqual(['', 1]);
    const [{ counterexampleFile: file, ...violation }] = JSON.parse(check.out).violations;
    expect(violation).toMatchObject({ property: 'c', schedule: 'spinner spinner', loopAt: 0 });
    expect(JSON.parse(readFileSync(file, 'utf8')).loopAt).toBe(0);
    const again = await interlace(['replay', file]);
    expect(again.code).toBe(1);
    expect(again.out).toMatch(
      /^from here on again and again:\n1\. .*\n2\. .*\nand back to step 1\n\nviolated again: c: the run never comes to it and goes round for ever\n$/,
    );
    const rechecked = await interlace(['check', spin(false), '--json', '--out-dir', folder]);
    expect(JSON.parse(rechecked.out)).toMatchObject({
      strategy: 'replay of saved counterexamples',
      violations: [{ schedule: 'spinner spinner', loopAt: 0 }],
    });
    spin(true);
    const open = await interlace(['replay', file]);
    expect([open.code, open.out.includes('the loop does not close any more')]).toEqual([0, true]);
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
