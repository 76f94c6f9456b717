import fc from 'fast-check';
import { PAGE_SIZE, PhysicalMemory, scatterGather } from 'interlace/streaming';
import { describe, expect, it } from 'vitest';

const buffers = fc.record({ address: fc.nat(2 ** 30), length: fc.nat(5 * PAGE_SIZE) });

describe('scatter/gather lists', () => {
  it('cover the buffer: the lengths add up, and no piece crosses a page (F-008)', () => {
    fc.assert(
      fc.property(buffers, ({ address, length }) => {
        const pieces = scatterGather(address, length);
        expect(pieces.reduce((sum, piece) => sum + piece.Length, 0)).toBe(length);
        for (const { PhysicalAddress, Length } of pieces) {
          expect(Length).toBeGreaterThan(0);
          expect((PhysicalAddress % PAGE_SIZE) + Length).toBeLessThanOrEqual(PAGE_SIZE);
        }
      }),
    );
  });

  it('never put neighbouring pages beside each other, nor two pages into one place', () => {
    const pages = scatterGather(0, 5000 * PAGE_SIZE).map((piece) => piece.PhysicalAddress / PAGE_SIZE);
    expect(new Set(pages).size).toBe(pages.length);
    pages.forEach((page, i) => {
      expect(Math.abs(page - (pages[i + 1] ?? Number.NaN))).not.toBe(1);
    });
  });

  it('are refused for what does not fit into the address space', () => {
    expect(scatterGather(2 ** 36 - 1, 1)).toHaveLength(1);
    for (const [address, length] of [
      [2 ** 36 - 1, 2],
      [-1, 1],
      [0.5, 1],
      [0, -1],
      [0, Number.NaN],
    ] as const) {
      expect(() => scatterGather(address, length)).toThrow(/64 GiB/);
    }
  });
});

describe('physical memory', () => {
  it('gives a program what a bus master wrote along the list, and zeros elsewhere', () => {
    fc.assert(
      fc.property(buffers, ({ address, length }) => {
        const memory = new PhysicalMemory();
        const bytes = Uint8Array.from({ length }, (_, i) => (i * 7 + 1) % 251);
        let from = 0;
        for (const { PhysicalAddress, Length } of scatterGather(address, length)) {
          memory.write(PhysicalAddress, bytes.subarray(from, from + Length));
          from += Length;
        }
        const seen = new Uint8Array(length + 1).fill(255);
        memory.readVirtual(address, seen);
        expect(seen).toEqual(Uint8Array.from([...bytes, 0]));
      }),
    );
  });

  it('shows a driver that takes the buffer for contiguous: what it wrote is not there', () => {
    const memory = new PhysicalMemory();
    const first = scatterGather(0, 1)[0]?.PhysicalAddress ?? 0;
    memory.write(first, new Uint8Array(2 * PAGE_SIZE).fill(9));
    const seen = new Uint8Array(2 * PAGE_SIZE);
    memory.readVirtual(0, seen);
    expect(seen.subarray(0, PAGE_SIZE).every((byte) => byte === 9)).toBe(true);
    expect(seen.subarray(PAGE_SIZE).every((byte) => byte === 0)).toBe(true);
  });
});
