import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { interlace } from './commandLine.js';

const root = resolve(import.meta.dirname, '../..');
let folder: string;
beforeEach(() => {
  mkdirSync(join(root, '.interlace'), { recursive: true });
  folder = mkdtempSync(join(root, '.interlace/check with blank '));
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

const increment = `
import { read, write } from 'interlace';
export interface Memory { n: number }
export function* increment(memory: Memory) {
  const seen: number = yield* read(memory, 'n');
  yield* write(memory, 'n', seen + 1);
}
`;
const lostUpdate = `
import { defineSystem, never, threads, type Property } from 'interlace';
import { increment, type Memory } from './increment.ts';
const memory: Memory = { n: 0 };
const program = threads({ memory, threads: { a: increment, b: increment } });
export default defineSystem({ name: 'lost update', actors: { program: { logic: program } } });
export const properties: Property[] = [
  never('an update is lost', (world) => {
    const program = world.snapshot('program');
    return program?.status === 'done' && program.context.memory.n === 1;
  }),
];
`;

describe('interlace check', () => {
  it('checks a bundled system and says what it looked at', async () => {
    const { code, out, err } = await interlace(['check', 'ping-pong']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^holds: every schedule was taken, and nothing is wrong\n\n\d+ states, /);
  });

  it('takes a seed and a strategy by name, and refuses one that is not there', async () => {
    const check = (...more: string[]) =>
      interlace(['check', 'counter', '--json', '--out-dir', folder, ...more]);
    const { out } = await check('--seed', '7', '--strategy', 'exhaustive', '--no-color');
    expect(JSON.parse(out)).toMatchObject({ verdict: 'holds', seed: 7 });
    expect(await check('--strategy', 'guess')).toMatchObject({ code: 2 });
  });

  it('keeps 64 bits of each state, or 128 for a smaller chance to leave one out', async () => {
    const doubt = async (...more: string[]): Promise<{ states: number; omissionProbability: number }> => {
      const { out } = await interlace(['check', 'counter', '--json', '--no-reduction', ...more]);
      return JSON.parse(out).statistics;
    };
    const [usual, long] = [await doubt(), await doubt('--fingerprint', '128')];
    expect(long.states).toBe(usual.states);
    expect(usual.omissionProbability / long.omissionProbability).toBeCloseTo(2 ** 64, -10);
    expect(await interlace(['check', 'counter', '--fingerprint', '96'])).toMatchObject({ code: 2 });
  });

  it('has a file of yours played, one schedule', async () => {
    put('increment.ts', increment);
    const file = put('system.ts', lostUpdate);
    const { code, out } = await interlace(['run', file, '--seed', '3', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ scenario: file, seed: 3, end: 'quiescent', steps: 6 });
  });

  it('checks a TypeScript file with types and imports, and shows the run that violates', async () => {
    put('increment.ts', increment);
    const file = put('system.ts', lostUpdate);
    const { code, out } = await interlace(['check', file, '--out-dir', folder]);
    expect(code).toBe(1);
    expect(out).toContain('violated: one violation');
    expect(out).toContain(
      'an update is lost: it is so, and never may be, after 6 steps, and no run is shorter',
    );
    expect(out).toContain('runs a: write memory.n 1');
    const json = await interlace(['check', file, '--json', '--out-dir', folder]);
    expect(json.code).toBe(1);
    const document = JSON.parse(json.out);
    expect(document).toMatchObject({ formatVersion: 1, verdict: 'violated' });
    expect(document.violations[0].steps.length).toBe(6);
  });

  it('takes a CommonJS file, as it is written and as compilers write it', async () => {
    const system =
      "require('interlace').defineSystem({ name: 's', actors: { a: { logic: require('xstate').setup({}).createMachine({ tags: ['idle'] }) } } })";
    const properties = "[require('interlace').reachable('it is there', () => true)]";
    const files = [
      `"use strict"; Object.defineProperty(exports, '__esModule', { value: true }); exports.properties = ${properties}; exports.default = ${system};`,
      `module.exports = { default: ${system}, properties: ${properties} };`,
      `module.exports = ${system};`,
    ];
    const outs: string[] = [];
    for (const [i, text] of files.entries()) {
      const { code, out, err } = await interlace(['check', put(`system${i}.cjs`, text)]);
      expect([code, err]).toEqual([0, '']);
      outs.push(out);
    }
    expect(outs.map((out) => out.includes('reached: it is there'))).toEqual([true, true, false]);
    expect(await interlace(['check', put('none.cjs', 'module.exports.default = {};')])).toMatchObject({
      code: 2,
    });
  });

  it('goes depth first with --order dfs', async () => {
    const runs = await Promise.all(
      ['bfs', 'dfs'].map((order) =>
        interlace(['check', 'ping-pong', '--order', order, '--no-reduction', '--json']),
      ),
    );
    const [bfs, dfs] = runs.map(({ out }) => JSON.parse(out));
    expect(dfs.strategy).toBe('exhaustive (depth first)');
    expect(dfs.statistics.states).toBe(bfs.statistics.states);
  });

  it('is inconclusive at a bound, and fails only when asked to', async () => {
    const bounded = ['check', 'ping-pong', '--max-states', '3'];
    expect((await interlace(bounded)).code).toBe(0);
    const failing = await interlace([...bounded, '--fail-on-incomplete']);
    expect(failing.code).toBe(3);
    expect(failing.out).toMatch(/^inconclusive: nothing is wrong so far; the bound on states was reached\n/);
  });

  it('helps with the commands that there are', async () => {
    expect(await interlace(['help', 'bogus'])).toEqual({
      code: 2,
      out: '',
      err: "interlace: there is no command 'bogus'; what there is: list, run, check, replay, help\n",
    });
    const { code, out } = await interlace(['help', 'check']);
    expect([code, out.startsWith('Usage: interlace check ')]).toEqual([0, true]);
    expect((await interlace(['help'])).out).toContain('\nCommands:\n');
    const typo = await interlace(['chek', 'ping-pong']);
    expect(typo.err).toBe(
      "interlace: unknown command 'chek' (Did you mean check?); `interlace help` says what there is\n",
    );
  });

  it('refuses a file or a folder without a name', async () => {
    for (const argv of [
      ['run', 'camera', '--frames', ''],
      ['run', 'camera', '--out', ' '],
      ['check', 'ping-pong', '--out-dir', ''],
    ]) {
      const { code, err } = await interlace(argv);
      expect([code, err]).toEqual([2, expect.stringContaining(`option '${argv[2]} <`)]);
      expect(err).toContain('is invalid. Give a name.');
    }
  });

  it('says what is wrong with a name, a file, an export, a bound', async () => {
    const cases: [string[], string][] = [
      [['check', 'nobody'], "there is no system or scenario 'nobody'"],
      [['check', './gone.ts'], './gone.ts cannot be read'],
      [['check', put('empty.ts', 'export const x = 1;')], 'has no system as its default export'],
      [['check', put('wrong.ts', 'const x: = 1;')], 'does not run'],
      [['check', put('throws.ts', "throw new Error('by itself');")], 'does not run: by itself'],
      [['check', 'ping-pong', '--max-states', '0'], '--max-states'],
      [['check', 'ping-pong', '--order', 'best'], 'bfs, dfs'],
    ];
    for (const [argv, message] of cases) {
      const { code, err } = await interlace(argv);
      expect(code).toBe(2);
      expect(err).toContain(message);
      expect(err.split('\n').length).toBeLessThan(4);
    }
  });
});
