import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LATEST, SUCCESSOR_BITS, Successor, Successors } from '../../src/runtime/successors.js';

// Few places, so that fingerprints push each other out.
const second = fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: -1, max: 1 }));
const fingerprint = fc.tuple(fc.integer({ min: -1, max: 1 }), second);
type Step = readonly [words: readonly [number, readonly [number, number]], isTakenBack: boolean];

it('leaves out only what came before and was not taken back, and what came last of all', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fingerprint, fc.boolean())), (steps: readonly Step[]) => {
      const successors = new Successors(1, true);
      const came = new Set<string>();
      let leftOut = 0;
      let last = '';
      for (const [[first, [place, more]], isTakenBack] of steps) {
        const words = [first, place + more * LATEST] as const;
        const isLate = successors.cameLately(...words);
        if (isLate) expect(came).toContain(words.join());
        if (words.join() === last) expect(isLate).toBe(true);
        if (isLate) leftOut++;
        last = words.join();
        came.add(last);
        if (isLate || !isTakenBack) continue;
        successors.rows.set(words, 0 << SUCCESSOR_BITS);
        expect(successors.at(0, Successor.second)).toBe(words[1]);
        successors.takeBack(0, 1);
        came.delete(last);
        last = '';
      }
      expect(successors.leftOut).toBe(leftOut);
    }),
  );
});

it('leaves nothing out unless asked to', () => {
  const successors = new Successors(1);
  expect([successors.cameLately(1, 2), successors.cameLately(1, 2), successors.leftOut]).toEqual([
    false,
    false,
    0,
  ]);
});
