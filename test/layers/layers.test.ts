import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const { forbidden }: { forbidden: { name: string }[] } = createRequire(import.meta.url)(
  '../../.dependency-cruiser.cjs',
);

/**
 * A small tree in which everything that the rules allow is done once: file → its text.
 * Every layer has a `part.ts` that imports the one of its right neighbour.
 */
const legal: Record<string, string> = {
  'src/cli/part.ts':
    "import '../viewer/part.js'; import '../../machines/part.js'; import '../../examples/system.js'; import '../index.js'; import 'node:fs';",
  'src/viewer/part.ts': "import '../distribute/part.js';",
  'src/viewer/server/part.ts': "import '../part.js'; import 'node:http';",
  'src/distribute/part.ts': "import '../stream/part.js'; import 'node:worker_threads';",
  'machines/part.ts': "import 'interlace'; import 'xstate'; import 'interlace/streaming';",
  'machines/index.ts': "import './part.js';",
  'src/stream/part.ts': "import '../render/part.js'; import 'xstate';",
  'src/stream/index.ts': "import './part.js';",
  'src/index.ts':
    "import './render/part.js'; import type { AnyActorLogic } from 'xstate'; export type L = AnyActorLogic;",
  'src/render/part.ts': "import '../explore/part.js';",
  'src/explore/part.ts': "import '../trace/part.js';",
  'src/trace/part.ts': "import '../property/part.js';",
  'src/property/part.ts': "import '../routine/part.js';",
  'src/routine/part.ts': "import '../runtime/part.js';",
  'src/runtime/part.ts':
    "import './xstate/xstate.js'; import type { AnyActorLogic } from 'xstate'; export type L = AnyActorLogic;",
  'src/runtime/xstate/xstate.ts': "import 'xstate'; import '../../kernel/part.js';",
  'src/kernel/part.ts': "import './word.js';",
  'src/kernel/word.ts': 'export {};',
  'examples/system.ts':
    "import 'interlace'; import 'interlace/streaming'; import 'interlace/stream-class'; import 'xstate'; import 'node:fs';",
};

/** What must be refused: file, its text, and the rules that must name it. */
const illegal: [file: string, text: string, ...rules: string[]][] = [
  ['src/cli/bad.ts', "import '../../test/part.js';", 'layer-cli'],
  ['src/cli/badFolder.ts', "import '../utils/part.js';", 'layer-cli'],
  ['src/viewer/bad.ts', "import '../cli/part.js';", 'layer-viewer'],
  ['src/distribute/bad.ts', "import '../viewer/part.js';", 'layer-distribute'],
  ['machines/bad.ts', "import '../src/distribute/part.js';", 'layer-machines', 'users-use-the-door'],
  ['src/stream/bad.ts', "import '../../machines/part.js';", 'layer-stream', 'machines-stand-alone'],
  ['src/render/bad.ts', "import '../stream/part.js';", 'layer-render'],
  ['src/render/badEntry.ts', "import '../index.js';", 'layer-render'],
  ['src/explore/bad.ts', "import '../render/part.js';", 'layer-explore'],
  ['src/trace/bad.ts', "import '../explore/part.js';", 'layer-trace'],
  ['src/property/bad.ts', "import '../trace/part.js';", 'layer-property'],
  ['src/routine/bad.ts', "import '../property/part.js';", 'layer-routine'],
  ['src/runtime/bad.ts', "import '../routine/part.js';", 'layer-runtime'],
  ['src/kernel/bad.ts', "import '../runtime/part.js';", 'layer-kernel'],
  [
    'src/kernel/badType.ts',
    "import type { L } from '../runtime/part.js'; export type M = L;",
    'layer-kernel',
  ],
  ['machines/badDoor.ts', "import '../src/index.js';", 'users-use-the-door'],
  ['examples/badDoor.ts', "import '../src/kernel/part.js';", 'users-use-the-door'],
  ['machines/badStreamDoor.ts', "import '../src/stream/index.js';", 'users-use-the-door'],
  ['examples/badStreamDoor.ts', "import '../src/stream/part.js';", 'users-use-the-door'],
  ['examples/badMachine.ts', "import '../machines/part.js';", 'machines-have-a-door'],
  ['src/distribute/badMachine.ts', "import '../../machines/part.js';", 'machines-stand-alone'],
  ['src/runtime/badNode.ts', "import 'node:fs';", 'node-at-the-edge'],
  ['src/viewer/badNode.ts', "import 'fs';", 'node-at-the-edge'],
  ['machines/badNode.ts', "import 'node:path';", 'node-at-the-edge'],
  ['src/runtime/badXstate.ts', "import 'xstate';", 'one-xstate-adapter'],
  ['src/explore/badXstate.ts', "import 'xstate/graph';", 'one-xstate-adapter', 'xstate-types-in-runtime'],
  [
    'src/trace/badXstate.ts',
    "import type { AnyActorLogic } from 'xstate'; export type L = AnyActorLogic;",
    'xstate-types-in-runtime',
  ],
  ['src/kernel/badCycle.ts', "import './inCycle.js'; export type A = 1;", 'no-cycles'],
  ['src/kernel/badOrphan.ts', 'export {};', 'no-orphans'],
];

/** What the bad samples import beside the legal tree: files that break no rule themselves. */
const accomplices: Record<string, string> = {
  'test/part.ts': 'export {};',
  'src/utils/part.ts': "import '../kernel/part.js';",
  'src/kernel/inCycle.ts': "import type { A } from './badCycle.js'; export type B = A;",
};

/** A bad entry cannot stand beside the good one, so it has a tree of its own. */
const illegalEntry = "import './stream/part.js'; import '../machines/part.js';";

const root = resolve(import.meta.dirname, '../..');
const trees: string[] = [];

afterAll(() => {
  for (const tree of trees) rmSync(tree, { recursive: true });
});

/** Writes the files into a tree of their own; returns for each refused file the rules that refuse it. */
function refusals(files: Record<string, string>): Map<string, Set<string>> {
  const tree = mkdtempSync(join(tmpdir(), 'interlace-layers-'));
  trees.push(tree);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(tree, dirname(file)), { recursive: true });
    writeFileSync(join(tree, file), text);
  }
  for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json']) cpSync(join(root, file), join(tree, file));
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'), 'junction');

  const command = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const output = execFileSync(process.execPath, [command, '--output-type', 'json', '.'], {
    cwd: tree,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  const { summary }: { summary: { violations: { from: string; rule: { name: string } }[] } } =
    JSON.parse(output);
  const refused = new Map<string, Set<string>>();
  for (const { from, rule } of summary.violations) {
    refused.set(from, (refused.get(from) ?? new Set()).add(rule.name));
  }
  return refused;
}

describe('the layer rules', () => {
  it('allow what is legal', () => {
    expect(refusals(legal)).toEqual(new Map());
  });

  it('refuse each bad sample by the rules that it breaks, and by no other', () => {
    const samples = Object.fromEntries(illegal.map(([file, text]) => [file, text]));
    const expected = new Map(illegal.map(([file, , ...rules]) => [file, new Set(rules)]));
    expect(refusals({ ...legal, ...accomplices, ...samples })).toEqual(expected);
  });

  it('refuse an entry that is more than the engine', () => {
    const refused = refusals({ ...legal, 'src/index.ts': illegalEntry });
    expect(refused.get('src/index.ts')).toContain('entry-is-the-engine');
  });

  it('have a bad sample each', () => {
    const tried = new Set(illegal.flatMap(([, , ...rules]) => rules)).add('entry-is-the-engine');
    expect([...tried].sort()).toEqual(forbidden.map((rule) => rule.name).sort());
  });

  it('follow the list in docs/ARCHITECTURE.md, which marks the layers that exist', () => {
    const page = readFileSync(join(root, 'docs/ARCHITECTURE.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `(\w+)` +\|.*\|(.*)\|$/gm)].map(([, name = '', exists = '']) => ({
      name,
      exists: exists.trim() === 'yes',
    }));
    const enforced = forbidden.map((rule) => rule.name).filter((name) => name.startsWith('layer-'));
    expect(rows.map(({ name }) => `layer-${name}`)).toEqual(enforced);
    for (const { name, exists } of rows) {
      const folder = name === 'machines' ? name : `src/${name}`;
      expect([folder, existsSync(join(root, folder))]).toEqual([folder, exists]);
    }
  });
});
