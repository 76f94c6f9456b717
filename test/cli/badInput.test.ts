import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { interlace } from './commandLine.js';

const root = resolve(import.meta.dirname, '../..');
let folder: string;
beforeEach(() => {
  mkdirSync(join(root, '.interlace'), { recursive: true });
  folder = mkdtempSync(join(root, '.interlace/bad '));
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

const IMPORTS = `import { always, defineSystem, monitor, never, threads } from 'interlace';
import { assign, sendTo, setup, spawnChild } from 'xstate';
`;

/** A file whose one actor is a machine with this config. */
function machine(config: string, more = ''): string {
  return `${IMPORTS}
const child = setup({}).createMachine({});
const machine = setup({ actors: { child } }).createMachine(${config});
export default defineSystem({ name: 'bad', actors: { one: { logic: machine } } });
${more}`;
}

const UP = `{ context: { n: 0 }, initial: 'a', states: { a: { tags: ['idle'], meta: { offers: ['UP'] },
  on: { UP: { guard: ({ context }) => context.n < 3, actions: assign({ n: ({ context }) => context.n + 1 }) } } } } }`;

/** What is wrong, the file, and what stderr must say: what, where, and what to change. */
const CASES: readonly [string, string, readonly string[]][] = [
  [
    'a context that is no value',
    machine('{ context: { now: () => 1 } }'),
    [
      "the context of actor 'one', at .now, is the function 'now'",
      'context, events, input and output are plain data',
    ],
  ],
  [
    'an event that is no value',
    machine("{ entry: sendTo(({ self }) => self, { type: 'X', map: new WeakMap() }) }"),
    ["the event 'X' that actor 'one' sent, at .map, is", 'plain data'],
  ],
  [
    'an actor that throws while it is started',
    machine("{ entry: () => { throw new Error('no disk'); } }"),
    ["actor 'one' failed while it was started: no disk", 'must at least be able to start'],
  ],
  [
    'two actors of one name',
    machine("{ entry: spawnChild('child', { id: 'kid', systemId: 'one' }) }"),
    ["actor 'one' failed while it was started: Actor with system ID 'one' already exists."],
  ],
  [
    'two children of one id',
    machine("{ entry: [spawnChild('child', { id: 'kid' }), spawnChild('child', { id: 'kid' })] }"),
    ["'kid'"],
  ],
  [
    'a name that cannot be an address',
    `${IMPORTS}export default defineSystem({ name: 'bad', actors: { 'a b': { logic: setup({}).createMachine({}) } } });`,
    ['interlace: the actor name "a b" cannot be part of an address; use a name without white space'],
  ],
  [
    'a property that throws',
    machine(
      UP,
      "export const properties = [never('hasty', (world) => world.snapshot('one').context.n === 2 && world.snapshot('two').value)];",
    ),
    ["the property 'hasty' threw: ", '; after one?UP one?UP; ', 'let it look before it reads'],
  ],
  [
    'two properties of one name',
    machine(UP, "export const properties = [never('same', () => false), never('same', () => false)];"),
    ["two properties are called 'same'; give each a name of its own"],
  ],
  [
    'properties that are none',
    machine(UP, 'export const properties = [{}];'),
    ["'properties' of", 'is no list of properties; write export const properties = ['],
  ],
  [
    'a property that answers with a promise',
    machine(UP, "export const properties = [always('later', async () => true)];"),
    ['the property "later" asks an async function; give it a function of the world that answers at once'],
  ],
  [
    'a property that answers with a number',
    machine(UP, "export const properties = [never('n', (world) => world.snapshot('one').context.n)];"),
    ["the property 'n': it answers with 0; let it answer with true or false"],
  ],
  [
    'a property that returns nothing',
    machine(UP, "export const properties = [never('n', (world) => { world.quiescent; })];"),
    ['the property "n" has a function that returns nothing; write (world) => … without braces, or return'],
  ],
  [
    'an offer that JSON has no words for',
    machine("{ initial: 'a', states: { a: { meta: { offers: [{ n: 1n }] } } } }"),
    ["actor 'one', state '(machine).a[0]': the offer an object has no event type; write meta: { offers:"],
  ],
  [
    'an actor that spawns a copy of itself at its start',
    `${IMPORTS}const logic = setup({}).createMachine({ entry: assign(({ spawn }) => { spawn(logic); return {}; }) });
export default defineSystem({ name: 'bad', actors: { one: { logic } } });`,
    [
      "one step spawned actors below actors without an end, as it seems: 'one/",
      "…'; an actor that spawns a copy",
    ],
  ],
  [
    'a transition to nowhere',
    machine("{ initial: 'a', states: { a: { on: { X: 'zzz' } } } }"),
    ["Invalid transition definition for state node '(machine).a': Child state 'zzz' does not exist"],
  ],
  [
    'a property that looks at the clock',
    machine(UP, "export const properties = [never('late', () => Date.now() < 0)];"),
    ["the property 'late': Date.now() was called; let it depend on nothing but the world"],
  ],
  [
    'properties that are functions',
    machine(UP, 'export const properties = [() => true];'),
    ["'properties' of", 'is no list of properties; write export const properties = ['],
  ],
  [
    'a misspelt option of a system',
    `${IMPORTS}export default defineSystem({ name: 'bad', timer: 'free', actors: { one: { logic: setup({}).createMachine({}) } } });`,
    ["the argument of defineSystem cannot have 'timer'; what there is: name, actors, timers, start"],
  ],
  [
    'a misspelt option of threads',
    `${IMPORTS}export default defineSystem({ name: 'bad', actors: { one: { logic: threads({ memory: {}, race: 'ignore', threads: { a: function* () {} } }) } } });`,
    ["the argument of threads cannot have 'race'"],
  ],
  [
    'a monitor that sends',
    machine(
      UP,
      "export const properties = [monitor('nosy', setup({}).createMachine({ on: { '*': { actions: sendTo(({ self }) => self, { type: 'X' }) } } }))];",
    ),
    ["the monitor 'nosy', on 'one.UP': it sent 'X'; a monitor only watches"],
  ],
  ['a default export that is null', 'export default null;', ['has no system as its default export']],
  [
    'a thread that depends on the clock',
    `${IMPORTS}const logic = threads({ memory: { t: 0 }, threads: { a: function* (memory) { memory.t = Date.now(); } } });
export default defineSystem({ name: 'bad', actors: { one: { logic } } });`,
    ['Date.now'],
  ],
];

describe('bad input', () => {
  it.each(CASES)('%s: exit 2, and a sentence that says what to change', async (_what, text, says) => {
    const file = put('bad.ts', text);
    const { code, out, err } = await interlace(['check', file, '--out-dir', folder]);
    expect([code, out]).toEqual([2, '']);
    for (const part of says) expect(err).toContain(part);
    expect(err).toMatch(/^interlace: .*\n$/);
    expect(err).not.toContain('    at ');
    const json = await interlace(['check', file, '--out-dir', folder, '--json']);
    expect([json.code, `interlace: ${JSON.parse(json.out).error}\n`]).toEqual([2, err]);
  });

  it.each(['--max-states', '--max-steps', '--timeout', '--violations'])('a bound %s of 0', async (bound) => {
    for (const value of ['0', '-1', 'x', '1.5']) {
      const { code, out, err } = await interlace(['check', 'ping-pong', bound, value]);
      expect([code, out]).toEqual([2, '']);
      expect(err).toContain('Use a whole number, 1 or more.');
    }
  });

  it('a folder', async () => {
    const { code, err } = await interlace(['check', folder]);
    expect([code, err]).toEqual([2, `interlace: ${folder} is a folder; give a .ts or .js file\n`]);
  });

  it('a file that is no script', async () => {
    const file = put('notes.txt', 'a note');
    const { code, err } = await interlace(['check', file]);
    expect([code, err]).toEqual([2, `interlace: ${file} is no script; give a .ts or .js file\n`]);
  });

  it('a file that imports what is not there', async () => {
    const file = put('lost.ts', "import x from './nobody.js';\nexport default x;\n");
    const { code, err } = await interlace(['check', file]);
    expect([code, err]).toEqual([
      2,
      `interlace: ${file} does not run: Cannot find module './nobody.js'; mend it so that \`node\` or \`tsx\` could load it\n`,
    ]);
  });

  it('a word too many', async () => {
    const { code, err } = await interlace(['check', 'ping-pong', 'extra']);
    expect([code, err]).toEqual([
      2,
      "interlace: too many arguments for 'check'. Expected 1 argument but got 2; `interlace help` says what there is\n",
    ]);
  });

  it('a counterexample of a system that is gone', async () => {
    const base = {
      formatVersion: 1,
      tool: 'interlace 0.1.0',
      property: 'p',
      message: 'm',
      shortest: true,
      schedule: '',
    };
    const gone = put('gone.json', JSON.stringify({ ...base, system: { kind: 'bundled', name: 'nobody' } }));
    const lost = put('lost.json', JSON.stringify({ ...base, system: { kind: 'file', path: 'lost.ts' } }));
    const odd = put(
      'odd.json',
      JSON.stringify({ ...base, system: { kind: 'bundled', name: 'ping-pong' }, loopAt: 'x' }),
    );
    for (const [file, says] of [
      [gone, "there is no system or scenario 'nobody'"],
      [lost, 'lost.ts cannot be read: there is no such file'],
      [odd, 'lacks a part of a counterexample'],
    ] as const) {
      const { code, err } = await interlace(['replay', file]);
      expect([code, err.includes(says)]).toEqual([2, true]);
    }
  });
});
