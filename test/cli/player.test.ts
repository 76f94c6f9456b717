import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bundled, bundledClip } from '../../src/cli/catalog.js';
import { interlace } from './commandLine.js';

it('interlace run player plays the bundled clip and its sound, and writes what was presented', async () => {
  const out = join(tmpdir(), `interlace player ${process.pid}.y4m`);
  try {
    const json = await interlace(['run', 'player', '--json', '--out', out], { catalog: bundled });
    expect([json.code, json.err]).toEqual([0, '']);
    expect(readFileSync(out).equals(readFileSync(bundledClip()))).toBe(true);
    expect(JSON.parse(json.out)).toMatchObject({
      scenario: 'player',
      end: 'quiescent',
      streams: [
        { name: 'video', framesCaptured: 30, framesDelivered: 30, framesDropped: 0, faultCount: 0 },
        { name: 'audio', framesCaptured: 30, framesDelivered: 30, framesDropped: 0, faultCount: 0 },
      ],
      failures: [],
    });
    const text = await interlace(['run', 'player', '--out', out], { catalog: bundled });
    expect(text.out).toContain('stream    video\nframes    30 captured, 30 delivered, 0 dropped\n');
    expect(text.out).toContain('stream    audio\nframes    30 captured');
    expect(text.out).toContain(`written   ${out}, 30 frames`);
  } finally {
    rmSync(out, { force: true });
  }
});
