import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
      { name: 'ping-pong', kind: 'system', verdict: 'holds', states: 10 },
    ]);
    expect(entries[0]).toMatchObject({ verdict: null, states: null });
    const fork = entries.find(({ name }: { name: string }) => name === 'dining-philosophers');
    expect(fork).toMatchObject({ verdict: 'violated', states: null });
  });

  it('has the verdict and the number of states that `check` prints for each system', async () => {
    const { entries } = JSON.parse((await interlace(['list', '--json'])).out);
    const systems = entries.filter(({ kind }: { kind: string }) => kind === 'system');
    expect(systems.length).toBeGreaterThan(15);
    const outDir = mkdtempSync(join(tmpdir(), 'interlace-list-'));
    try {
      for (const { name, verdict, states } of systems) {
        const { code, out } = await interlace([
          ...['check', name, '--no-reduction', '--json', '--out-dir', outDir],
        ]);
        const outcome = JSON.parse(out);
        expect([name, code, outcome.verdict]).toEqual([name, verdict === 'holds' ? 0 : 1, verdict]);
        if (states !== null) expect([name, outcome.statistics.states]).toEqual([name, states]);
      }
    } finally {
      rmSync(outDir, { recursive: true });
    }
  });

  it('has a help and a version', async () => {
    expect((await interlace(['run', '--help'])).out).toContain('--client-delay <ms>');
    expect((await interlace(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
