import { describe, expect, it } from 'vitest';
import { interlace } from './commandLine.js';

describe('interlace list', () => {
  it('shows scenarios before systems, in columns', async () => {
    const { code, out } = await interlace(['list']);
    expect(code).toBe(0);
    expect(out.split('\n').slice(0, 3)).toEqual([
      'stub       scenario  a stub',
      'swapped    scenario  a stub',
      expect.stringMatching(/^ping-pong {2}system {4}\S/),
    ]);
  });

  it('prints one JSON document', async () => {
    const { out } = await interlace(['list', '--json']);
    expect(JSON.parse(out)).toMatchObject({
      formatVersion: 1,
      entries: [
        { name: 'stub', kind: 'scenario', summary: 'a stub' },
        { name: 'swapped', kind: 'scenario' },
        { name: 'ping-pong', kind: 'system' },
      ],
    });
  });

  it('has a help and a version', async () => {
    expect((await interlace(['run', '--help'])).out).toContain('--client-delay <ms>');
    expect((await interlace(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
