import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PairRows } from '../../src/runtime/pairRows.js';

const first = fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer()).filter((key) => key !== 0);
const second = fc.oneof(fc.integer({ min: -3, max: 6 }), fc.integer());

it('PairRows finds the row of each pair that has one, with what was put there, through all its growing', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(first, second, fc.integer()), { maxLength: 300 }), (entries) => {
      const rows = new PairRows(4);
      const model = new Map<string, number>();
      for (const [a, b, value] of entries) {
        const found = rows.find(a, b);
        expect(found === -1 ? undefined : rows.cells[found + 7]).toBe(model.get(`${a},${b}`));
        const row = found === -1 ? rows.add(a, b) : found;
        if (found === -1) expect([...rows.cells.subarray(row, row + 8)]).toEqual([a, b, 0, 0, 0, 0, 0, 0]);
        rows.cells[row + 7] = value;
        model.set(`${a},${b}`, value);
      }
      for (const [a, b] of entries) expect(rows.cells[rows.find(a, b) + 7]).toBe(model.get(`${a},${b}`));
    }),
    { numRuns: 100 },
  );
});
