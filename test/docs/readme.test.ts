import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { bundled } from '../../src/cli/catalog.js';
import { interlace } from '../cli/commandLine.js';

const root = resolve(import.meta.dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

it('shows in the README what `npm start` prints today', async () => {
  const { start } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts;
  const out = join(tmpdir(), `interlace-readme-${process.pid}.y4m`);
  const argv = String(start).split(' ').slice(2).with(-1, out);
  const printed = (await interlace(argv, { catalog: bundled })).out.replace(out, 'received.y4m');
  const [, block = ''] = /```\n\$ npm start\n(.*?)```/su.exec(readme) ?? [];
  const parts = block.split(/^ {2}…\n/mu).filter((part) => part !== '');
  expect(parts.length).toBe(2);
  for (const part of parts) expect(printed).toContain(part);
});

it('shows in the README what the check of its own example prints', async () => {
  const [, code = ''] = /```ts\n(import \{ check, defineSystem, never \} .*?)```/su.exec(readme) ?? [];
  const [, properties = ''] = /properties: \[\n(.*?)\n {2}\],/su.exec(code) ?? [];
  const system = code.slice(0, code.indexOf('const outcome')).replace('const system =', 'export default');
  mkdirSync(join(root, '.interlace'), { recursive: true });
  const folder = mkdtempSync(join(root, '.interlace/readme-'));
  try {
    const file = join(folder, 'bank.ts');
    writeFileSync(file, `${system}export const properties = [${properties}];\n`);
    const { out } = await interlace(['check', file, '--out-dir', folder]);
    const [, block = ''] = /```\n\$ npx interlace check \.\/bank\.ts\n(.*?)```/su.exec(readme) ?? [];
    const timeless = (text: string): string =>
      text.replace(/\d+\.\d+ s/u, '… s').replace(/replay .*\/.*bank/u, 'replay bank');
    expect(timeless(out)).toBe(timeless(block));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
