import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { bundled } from '../../src/cli/catalog.js';
import { interlace } from '../cli/commandLine.js';

const root = resolve(import.meta.dirname, '../..');

it('shows in the README what `npm start` prints today', async () => {
  const { start } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts;
  const out = join(tmpdir(), `interlace-readme-${process.pid}.y4m`);
  const argv = String(start).split(' ').slice(2).with(-1, out);
  const printed = (await interlace(argv, { catalog: bundled })).out.replace(out, 'received.y4m');
  const [, block = ''] =
    /```\n\$ npm start\n(.*?)```/su.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? [];
  const parts = block.split(/^ {2}…\n/mu).filter((part) => part !== '');
  expect(parts.length).toBe(2);
  for (const part of parts) expect(printed).toContain(part);
});
