import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bundledClip } from '../../src/cli/catalog.js';
import { frameFormat } from '../../src/stream/frames/frameFormat.js';
import { pourFrames } from '../../src/stream/frames/frameSink.js';
import { frames } from '../../src/stream/frames/frameSource.js';
import { testPattern } from '../../src/stream/frames/testPattern.js';
import { openY4mWriter } from '../../src/stream/frames/y4mWriter.js';
import { MemorySink } from '../stream/frames/memoryBytes.js';

/**
 * The clip that comes with the package: 30 frames of the test pattern, 64×48, 4:2:0, 25 a second. To write it again:
 *
 *     INTERLACE_WRITE_CLIP=1 npx vitest run test/cli/bundledClip.test.ts
 */
function clipBytes(): Uint8Array {
  const pattern = testPattern(frameFormat({ width: 64, height: 48 }), 30);
  const sink = new MemorySink();
  pourFrames(frames(pattern), openY4mWriter(sink, pattern.format));
  return sink.bytes;
}

if (process.env['INTERLACE_WRITE_CLIP'] === '1') writeFileSync(bundledClip(), clipBytes());

describe('the bundled clip', () => {
  it('is the test pattern, byte for byte', () => {
    expect(existsSync(bundledClip())).toBe(true);
    expect(Buffer.from(clipBytes()).equals(readFileSync(bundledClip()))).toBe(true);
  });
});
