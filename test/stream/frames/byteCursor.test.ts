import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteCursor } from '../../../src/stream/frames/byteCursor.js';
import { piecesArbitrary } from './clipArbitrary.js';
import { ascii, memorySource } from './memoryBytes.js';

describe('ByteCursor', () => {
  it('gives the same lines, blocks and offsets in whatever pieces the bytes come', () => {
    const request = fc.record({ isLine: fc.boolean(), length: fc.integer({ min: 0, max: 40 }) });
    const content = fc.array(fc.constantFrom(0x0a, 0x41, 0xff), { maxLength: 200 });
    fc.assert(
      fc.property(
        content,
        piecesArbitrary,
        fc.array(request, { maxLength: 20 }),
        (numbers, pieces, requests) => {
          const bytes = Uint8Array.from(numbers);
          const text = Buffer.from(bytes).toString('latin1');
          const cursor = new ByteCursor(memorySource(bytes, pieces));
          let at = 0;
          for (const { isLine, length } of requests) {
            expect(cursor.offsetBytes).toBe(at);
            if (isLine) {
              const newline = text.indexOf('\n', at);
              const whole = text.slice(at, newline < 0 ? undefined : newline);
              const isLong = whole.length > length;
              const endedBy = isLong ? 'limit' : newline < 0 ? 'end' : 'newline';
              const expected = at === text.length ? undefined : { text: whole.slice(0, length), endedBy };
              expect(cursor.readLine(length)).toEqual(expected);
              at += (expected?.text.length ?? 0) + (expected?.endedBy === 'newline' ? 1 : 0);
            } else {
              const target = new Uint8Array(length);
              const there = cursor.readInto(target);
              expect(target.subarray(0, there)).toEqual(bytes.subarray(at, at + length));
              at += there;
            }
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('reads a block larger than its buffer straight into the target', () => {
    const into: number[] = [];
    const source = memorySource(new Uint8Array(300_000).fill(7), [70_000]);
    const cursor = new ByteCursor({
      read(target) {
        into.push(target.length);
        return source.read(target);
      },
    });
    const target = new Uint8Array(300_000);
    expect(cursor.readInto(target)).toBe(300_000);
    expect(target.every((byte) => byte === 7)).toBe(true);
    expect(into).toEqual([300_000, 230_000, 160_000, 90_000, 65_536]);
    expect(cursor.readLine(10)).toBeUndefined();
    expect(cursor.readInto(ascii('x'))).toBe(0);
  });

  it('asks a source for nothing more after it has skipped to its end', () => {
    const calls: string[] = [];
    const cursor = new ByteCursor({
      read: () => calls.push('read') - 1,
      skip: (bytes) => {
        calls.push(`skip ${bytes}`);
        return 3;
      },
    });
    expect([cursor.skip(10), cursor.skip(10), cursor.readLine(10), cursor.offsetBytes]).toEqual([
      3,
      0,
      undefined,
      3,
    ]);
    expect(calls).toEqual(['skip 10']);
  });
});
