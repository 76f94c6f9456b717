import { beforeEach, describe, expect, it } from 'vitest';
import { Losses } from '../../src/property/losses.js';
import { LAST_STEP, type Question } from '../../src/property/questions.js';
import { type Consultant, Reply } from '../../src/property/reply.js';

// A predicate looks at slot A; if what that holds is even it looks at others, and says yes where each holds what it should.

const [A, B, C] = [1, 2, 3];
const NINE = 9;
const [EVEN, ODD, OTHER_EVEN, OTHER_ODD, UNCLEAR] = [10, 11, 12, 13, 99];

let held: Map<Question, number[]>;
let others: Map<Question, number>;
let consultations: number;

const questions = { answers: (question: Question) => held.get(question) };
const predicate: Consultant = {
  consult(given) {
    consultations++;
    const a = given.get(A) ?? 0;
    if (a === UNCLEAR) return { reply: Reply.unclear, asks: LAST_STEP };
    if (a % 2 === 1) return { reply: Reply.no, asks: LAST_STEP };
    let reply: Reply = Reply.yes;
    for (const [slot, sought] of others) {
      const answer = given.get(slot);
      if (answer === undefined) return { reply: Reply.asks, asks: slot };
      if (answer !== sought) reply = Reply.no;
    }
    return { reply, asks: LAST_STEP };
  },
};

beforeEach(() => {
  held = new Map([[B, [0, NINE]]]);
  others = new Map([[B, NINE]]);
  consultations = 0;
});

/** Whether a change of A cannot lose the answer that is sought. */
function isHarmless(before: number, after: number, sought = true): boolean {
  return new Losses(predicate, questions, sought).isHarmless(A, before, after);
}

describe('the answer that is sought', () => {
  it('is lost by a change behind which the predicate says otherwise, for something that another slot was seen to hold', () => {
    expect([isHarmless(EVEN, ODD), isHarmless(EVEN, OTHER_EVEN)]).toEqual([false, true]);
    held.set(B, [0]);
    expect(isHarmless(EVEN, ODD)).toBe(true);
  });

  it('is lost for something that several slots were seen to hold, in any combination', () => {
    held.set(C, [0, 1]);
    others = new Map([
      [C, 1],
      [B, 0],
    ]);
    expect(isHarmless(EVEN, ODD)).toBe(false);
  });

  it('cannot be lost where it is not there before', () => {
    expect([isHarmless(ODD, EVEN), isHarmless(ODD, OTHER_ODD)]).toEqual([true, true]);
  });

  it('may be no', () => {
    expect([isHarmless(EVEN, ODD, false), isHarmless(ODD, EVEN, false)]).toEqual([true, false]);
  });

  it('may be lost where it is unclear, before or after', () => {
    expect([isHarmless(UNCLEAR, ODD), isHarmless(EVEN, UNCLEAR)]).toEqual([false, false]);
  });

  it('may be lost where nobody knows what a question is answered', () => {
    others = new Map([[C, 0]]);
    expect(isHarmless(EVEN, OTHER_EVEN)).toBe(false);
  });

  it('may be lost where it would take too long to tell, about one change', () => {
    held.set(B, Array<number>(2000).fill(0));
    const losses = new Losses(predicate, questions, true);
    const changes = [ODD, OTHER_EVEN, OTHER_ODD];
    expect(changes.map((after) => losses.isHarmless(A, EVEN, after))).toEqual([true, true, true]);
    held.set(B, Array<number>(5000).fill(0));
    expect(isHarmless(EVEN, ODD)).toBe(false);
  });
});

describe('a change', () => {
  it('that was called harmless is told of once when it is not any more, whenever it was asked about', () => {
    held.set(B, [0]);
    const losses = new Losses(predicate, questions, true);
    for (let times = 0; times < 2; times++) {
      expect(losses.isHarmless(A, EVEN, ODD)).toBe(true);
      expect(losses.isHarmless(A, ODD, EVEN)).toBe(true);
    }
    expect(losses.verify()).toEqual([]);
    expect(losses.isHarmless(A, OTHER_EVEN, OTHER_ODD)).toBe(true);
    held.set(B, [0, NINE]);
    expect(losses.verify()).toEqual([
      { slot: A, before: EVEN, after: ODD },
      { slot: A, before: OTHER_EVEN, after: OTHER_ODD },
    ]);
    expect(losses.verify()).toEqual([]);
    expect(losses.isHarmless(A, EVEN, ODD)).toBe(false);
    expect(losses.isHarmless(A, ODD, EVEN)).toBe(true);
  });

  it('is asked about once', () => {
    const losses = new Losses(predicate, questions, true);
    const ask = (): boolean[] => [losses.isHarmless(A, EVEN, ODD), losses.isHarmless(A, ODD, EVEN)];
    expect(ask()).toEqual([false, true]);
    const before = consultations;
    expect(ask()).toEqual([false, true]);
    expect(consultations).toBe(before);
  });
});
