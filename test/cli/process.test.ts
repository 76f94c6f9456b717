import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const main = join(root, 'dist/src/cli/main.js');

beforeAll(() => {
  execFileSync(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'],
    {
      cwd: root,
    },
  );
}, 60_000);

/** What happens to a process. */
interface Fate {
  /** Whether anybody reads its stdout. Default true. */
  readonly reads?: boolean;
  /** Whether Ctrl-C is pressed when it first says something on stderr. */
  readonly isInterrupted?: boolean;
}

/** Runs the built command in a folder of its own, with stdin closed. */
async function run(
  argv: string[],
  { reads = true, isInterrupted = false }: Fate = {},
): Promise<{ code: number | null; out: string; err: string }> {
  const cwd = mkdtempSync(join(tmpdir(), 'interlace process '));
  const child = spawn(process.execPath, [main, ...argv], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  if (reads) child.stdout.on('data', (piece) => (out += piece));
  else child.stdout.destroy();
  child.stderr.on('data', (piece) => (err += piece));
  if (isInterrupted) child.stderr.once('data', () => child.kill('SIGINT'));
  const hangs = setTimeout(() => child.kill('SIGKILL'), 30_000);
  const code = await new Promise<number | null>((done) => child.on('close', done));
  clearTimeout(hangs);
  rmSync(cwd, { recursive: true });
  return { code, out, err };
}

/** Writes a file of the user's into a folder of its own, within reach of the packages. */
async function withFile(text: string, use: (file: string, folder: string) => Promise<void>): Promise<void> {
  mkdirSync(join(root, '.interlace'), { recursive: true });
  const folder = mkdtempSync(join(root, '.interlace/guest '));
  const file = join(folder, 'guest.ts');
  writeFileSync(file, text);
  try {
    await use(file, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A file of the user's with a system that holds. */
const one = `import { defineSystem } from 'interlace';
import { setup } from 'xstate';
const logic = setup({}).createMachine({ initial: 'a', states: { a: { tags: ['idle'] } } });
export default defineSystem({ name: 'one', actors: { one: { logic } } });
`;

describe('the command as a process', () => {
  it('runs in any folder, and speaks on stdout', async () => {
    const { code, out, err } = await run(['run', 'ping-pong', '--seed', '2', '--json']);
    expect([code, err, JSON.parse(out).seed]).toEqual([0, '', 2]);
  });

  it('ends with 2 and a sentence on stderr when it is misused', async () => {
    expect(await run(['run', 'camel'])).toEqual({
      code: 2,
      out: '',
      err: "interlace: there is no scenario 'camel'; run `interlace list` to see them all\n",
    });
  });

  it('does not wait for ever for a folder that cannot be made', async () => {
    const { code, err } = await run(['check', 'dining-philosophers', '--out-dir', '/proc/interlace']);
    expect(code).toBe(2);
    expect(err).toContain('give --out-dir a folder that can be written to');
  });

  it('says nothing when nobody reads', async () => {
    expect(await run(['list'], { reads: false })).toEqual({ code: 0, out: '', err: '' });
    expect(await run(['run', 'ping-pong'], { reads: false })).toEqual({ code: 0, out: '', err: '' });
    const violated = await run(['check', 'dining-philosophers', '--json'], { reads: false });
    expect(violated).toEqual({ code: 1, out: '', err: '' });
  });

  it.each([
    ['exits', 'process.exit(0);'],
    ['waits for ever', 'await new Promise(() => {});'],
    ['throws where nobody waits', "process.nextTick(() => { throw new Error('late'); });"],
  ])('does not take a file that %s for a system that holds', async (_, code) => {
    await withFile(`${one}${code}\n`, async (file, folder) => {
      const ending = await run(['check', file, '--out-dir', folder]);
      const json = await run(['check', file, '--out-dir', folder, '--json']);
      expect([json.code, json.err]).toEqual([2, ending.err]);
      expect(JSON.parse(json.out)).toHaveProperty('formatVersion', 1);
      expect(ending.code).toBe(2);
      expect(ending.err).toMatch(
        /^interlace: (the process has ended before the command|code .* threw: late); let a file .*\n$/,
      );
    });
  });

  it('prints nothing of a file on stdout, and does not wait for its timers', async () => {
    const noise = "console.log('hello'); process.stdout.write('world\\n'); setInterval(() => {}, 1000);\n";
    await withFile(`${one}${noise}`, async (file, folder) => {
      const { code, out, err } = await run(['check', file, '--out-dir', folder, '--json']);
      expect([code, err, JSON.parse(out).verdict]).toEqual([0, 'hello\nworld\n', 'holds']);
    });
  });

  it('ends with 130 at Ctrl-C while a file waits that is loaded', async () => {
    const waiting = "setInterval(() => {}, 1000); console.error('waiting'); await new Promise(() => {});\n";
    await withFile(`${one}${waiting}`, async (file) => {
      const { code, out } = await run(['check', file, '--json'], { isInterrupted: true });
      expect(code).toBe(130);
      expect(JSON.parse(out).error).toContain('you interrupted before ');
    });
  });

  it.each([[['--json']], [[]]])('ends with 130 at Ctrl-C, with what it has: %j', async (options) => {
    const endless = `import { defineSystem } from 'interlace';
import { assign, setup } from 'xstate';
const counter = setup({}).createMachine({
  context: { n: 0 }, initial: 'a',
  states: { a: { meta: { offers: ['UP'] }, on: { UP: { actions: assign({ n: ({ context }) => context.n + 1 }) } } } },
  tags: ['idle'],
});
export default defineSystem({ name: 'endless', actors: { counter: { logic: counter } } });
console.error('loaded');
`;
    await withFile(endless, async (file, folder) => {
      const { code, out } = await run(['check', file, '--out-dir', folder, ...options], {
        isInterrupted: true,
      });
      expect(code).toBe(130);
      if (options.length === 0)
        expect(out).toContain('inconclusive: nothing is wrong so far; the search was interrupted');
      else expect(JSON.parse(out)).toMatchObject({ verdict: 'inconclusive', stoppedBy: 'abort' });
    });
  });
});
