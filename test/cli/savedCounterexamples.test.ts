import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { interlace } from './commandLine.js';

const root = resolve(import.meta.dirname, '../..');
let folder: string;
beforeEach(() => {
  mkdirSync(join(root, '.interlace'), { recursive: true });
  folder = mkdtempSync(join(root, '.interlace/saved '));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A counter that goes to `last`, with claims about what it never is. */
function put(last: number, never: readonly number[], name = 'counter.ts'): string {
  const file = join(folder, name);
  writeFileSync(
    file,
    `import { defineSystem, never, reachable } from 'interlace';
import { assign, setup } from 'xstate';
const counter = setup({ types: { context: {} as { n: number } } }).createMachine({
  context: { n: 0 },
  initial: 'counting',
  states: {
    counting: {
      tags: ['idle'],
      meta: { offers: ['UP'] },
      on: {
        UP: { guard: ({ context }) => context.n < ${last}, actions: assign({ n: ({ context }) => context.n + 1 }) },
      },
    },
  },
});
export default defineSystem({ name: 'counter', actors: { counter: { logic: counter } } });
export const properties = [
  ...${JSON.stringify(never)}.map((n) => never('never ' + n, (world) => world.snapshot('counter')?.context.n === n)),
  reachable('two', (world) => world.snapshot('counter')?.context.n === 2, { required: true }),
];
`,
  );
  return file;
}

async function check(file: string, ...more: string[]) {
  const { code, out, err } = await interlace(['check', file, '--out-dir', folder, '--json', ...more]);
  return { code, err, outcome: JSON.parse(out) };
}

describe('a saved counterexample', () => {
  it('has a file of its own, beside others of its property and of one whose name reads alike', async () => {
    const file = put(9, [3]);
    const properties =
      "never('is big', (world) => world.snapshot('counter')?.context.n > 1), never('is-big', () => true)";
    writeFileSync(file, `${readFileSync(file, 'utf8')}properties.push(${properties});\n`);
    const found = async () => {
      const { outcome } = await check(file, '--violations', '5', '--no-saved');
      const violations: readonly { property: string; schedule: string; counterexampleFile: string }[] =
        outcome.violations;
      for (const { counterexampleFile, property, schedule } of violations)
        expect(JSON.parse(readFileSync(counterexampleFile, 'utf8'))).toMatchObject({ property, schedule });
      return violations.map(({ counterexampleFile }) => counterexampleFile);
    };
    const names = await found();
    expect(new Set(names).size).toBe(5);
    // Again, into the same files.
    expect(await found()).toEqual(names);
    expect(readdirSync(join(folder, 'counterexamples'))).toHaveLength(5);
    // A later check, of a property that was not there before.
    writeFileSync(file, readFileSync(file, 'utf8').replace("'is-big'", "'is: big'"));
    expect(await found()).toHaveLength(5);
    const kept = names.map((name) => JSON.parse(readFileSync(name, 'utf8')).property);
    expect(new Set(kept)).toEqual(new Set(['is big', 'is-big', 'never 3']));
  });

  it('is played before anything is searched, and reported at once when it is violated still', async () => {
    const file = put(9, [5]);
    const first = await check(file);
    expect([first.code, first.outcome.strategy]).toEqual([1, 'exhaustive (breadth first, reduced)']);
    const saved = first.outcome.violations[0].counterexampleFile;
    expect(saved).toMatch(/^\.interlace\/saved .*\/counterexamples\/.*never-5\.json$/);
    const bytes = readFileSync(saved, 'utf8');
    // Something is wrong earlier now, but nobody has looked for it yet.
    put(9, [3, 5]);
    const second = await check(file);
    expect(second.outcome).toMatchObject({
      verdict: 'violated',
      exhausted: false,
      strategy: 'replay of saved counterexamples',
      violations: [{ property: 'never 5', counterexampleFile: saved }],
    });
    put(9, [5]);
    const third = await check(file);
    expect(third.code).toBe(1);
    expect(third.outcome.violations[0]).toEqual({ ...first.outcome.violations[0], shortest: false });
    expect(third.outcome.saved).toEqual([{ name: saved, property: 'never 5', now: 'violated' }]);
    expect(third.outcome.statistics).toMatchObject({ states: 6, transitions: 5, depthMax: 5, runs: 0 });
    expect(readFileSync(saved, 'utf8')).toBe(bytes);
    const { out } = await interlace(['check', file, '--out-dir', folder]);
    expect(out).toContain(`saved, and violated still: ${saved}; nothing else was looked at`);
    expect(out).toContain(`again: npx interlace replay ${saved}`);
    // A run that goes on behind the violation is shown up to it.
    const longer = { ...JSON.parse(bytes), schedule: Array(7).fill('counter?UP').join(' ') };
    writeFileSync(saved, JSON.stringify(longer));
    expect((await check(file)).outcome.violations[0].steps.length).toBe(5);
    const searched = await check(file, '--no-saved');
    expect(searched.outcome).toMatchObject({ saved: [], strategy: 'exhaustive (breadth first, reduced)' });
  });

  it('of a mended system is reported as such, and does not stop the check', async () => {
    const file = put(9, [5]);
    const saved = (await check(file)).outcome.violations[0].counterexampleFile;
    writeFileSync(file, readFileSync(file, 'utf8').replace('context.n === n', 'context.n === -n'));
    const mended = await check(file);
    expect([mended.code, mended.outcome.verdict, mended.outcome.exhausted]).toEqual([0, 'holds', true]);
    expect(mended.outcome.saved).toEqual([{ name: saved, property: 'never 5', now: 'mended' }]);
    put(3, [5]);
    const misfit = await check(file);
    expect([misfit.code, misfit.outcome.verdict]).toEqual([0, 'holds']);
    expect(misfit.outcome.saved).toEqual([
      { name: saved, property: 'never 5', now: 'misfit', step: 4, choice: 'counter?UP' },
    ]);
    const { out } = await interlace(['check', file, '--out-dir', folder]);
    expect(out).toContain(
      `saved, and mended: ${saved} does not fit any more: 'counter?UP' cannot happen at step 4`,
    );
    // The search still finds what is wrong elsewhere.
    put(3, [5, 1]);
    expect((await check(file)).outcome.violations[0].property).toBe('never 1');
  });

  it('has a name that file systems take, however its property is called', async () => {
    const file = put(9, [3]);
    writeFileSync(file, readFileSync(file, 'utf8').replace("'never '", "'é'.repeat(300)"));
    const { code, outcome } = await check(file);
    expect([code, outcome.violations[0].property.length]).toEqual([1, 301]);
    expect((await interlace(['replay', outcome.violations[0].counterexampleFile])).code).toBe(1);
  });

  it('of a property that is not there any more is not called mended', async () => {
    const file = put(9, [5]);
    const saved = (await check(file)).outcome.violations[0].counterexampleFile;
    put(9, [11]);
    const { code, outcome } = await check(file);
    expect([code, outcome.verdict]).toEqual([0, 'holds']);
    expect(outcome.saved).toEqual([{ name: saved, property: 'never 5', now: 'unasked' }]);
    const { out } = await interlace(['check', file, '--out-dir', folder]);
    expect(out).toContain(
      `saved, and not asked any more: ${saved} violates 'never 5', and the system has no such property; `,
    );
    put(9, [5, 11]);
    expect((await check(file)).outcome.saved).toMatchObject([{ property: 'never 5', now: 'violated' }]);
  });

  it('of another system, or of what no single run shows, is left alone', async () => {
    const file = put(1, []);
    const other = put(9, [5], 'other.ts');
    expect((await check(other)).code).toBe(1);
    const unreached = await check(file);
    expect(unreached.outcome.violations[0].property).toBe('two');
    expect(readdirSync(join(folder, 'counterexamples')).length).toBe(2);
    put(2, []);
    const reached = await check(file);
    expect([reached.code, reached.outcome.saved]).toEqual([0, []]);
  });

  it('that is none is passed over with a warning', async () => {
    mkdirSync(join(folder, 'counterexamples'));
    writeFileSync(join(folder, 'counterexamples', 'broken.json'), '{');
    const { code, err, outcome } = await check(put(2, [5]));
    expect([code, outcome.verdict]).toEqual([0, 'holds']);
    expect(err).toMatch(/^interlace: .*broken\.json is no JSON: it is passed over; mend it or remove it\n$/);
  });
});
