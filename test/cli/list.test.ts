import { describe, expect, it } from 'vitest';
import { interlace } from './commandLine.js';

describe('interlace list', () => {
  it('shows scenarios before systems, in columns', async () => {
    const { code, out } = await interlace(['list']);
    expect(code).toBe(0);
    const lines = out.trimEnd().split('\n');
    const columns = lines.map((line) => line.split(/ {2,}/));
    expect(columns.slice(0, 3)).toEqual([
      ['stub', 'scenario', 'a stub'],
      ['swapped', 'scenario', 'a stub'],
      ['ping-pong', 'system', expect.any(String)],
    ]);
    expect(new Set(lines.map((line, i) => line.indexOf(columns[i]?.[1] ?? ''))).size).toBe(1);
  });

  it('prints one JSON document', async () => {
    const { out } = await interlace(['list', '--json']);
    const { formatVersion, entries } = JSON.parse(out);
    expect(formatVersion).toBe(1);
    expect(entries.slice(0, 3)).toMatchObject([
      { name: 'stub', kind: 'scenario', summary: 'a stub' },
      { name: 'swapped', kind: 'scenario' },
      { name: 'ping-pong', kind: 'system' },
    ]);
  });

  it('has a help and a version', async () => {
    expect((await interlace(['run', '--help'])).out).toContain('--client-delay <ms>');
    expect((await interlace(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
