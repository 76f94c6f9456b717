import { beforeEach, describe, expect, it } from 'vitest';
import { Independence, type Present } from '../../../src/explore/reduction/independence.js';
import type { KnownStep } from '../../../src/explore/reduction/knownStep.js';
import { LearnedTable } from '../../../src/explore/reduction/learnedTable.js';
import { OWN_ACCORD } from '../../../src/explore/reduction/reasons.js';

// A step of P is taken alone, because Q and R touch nothing of what it touches. Then something is learned that contradicts it, and
// nothing else: no new local state, no other process.

const [P, Q, R, NEWCOMER] = [1, 3, 5, 7];
const CELL = 100;
const OTHER_CELL = 101;
/** Local states. */
const [AT_P, AT_Q, LATER_Q, AT_R] = [10, 20, 21, 30];
/** The actor that Q is, a message to it, a mailbox that holds it, and one that holds the next message too. */
const [ACTOR, MESSAGE, MAIL, MORE_MAIL] = [2, 50, 60, 61];

let table: LearnedTable;
let independence: Independence;
let step: KnownStep;
let mailOfQ: number;
let mailOfR: number;
let whereQIs: number;

const now: Present = {
  localState: (process) => ({ [P]: AT_P, [Q]: whereQIs, [R]: AT_R })[process] ?? 0,
  mail: (process) => ({ [Q]: mailOfQ, [R]: mailOfR })[process] ?? 0,
  reasons: (mail) =>
    (mail === MAIL ? [MESSAGE] : [MESSAGE, MESSAGE + 1]).map((message) =>
      table.reasons.message(ACTOR, message),
    ),
};

function isIndependentNow(): boolean {
  independence.turn();
  return independence.isIndependent(step);
}

/** Whether the step is refuted by what is learned. */
function isRefutedBy(learn: () => void): boolean {
  independence.update();
  expect(isIndependentNow()).toBe(true);
  independence.rely(step);
  const { number } = step;
  independence.update();
  expect([...independence.refuted]).toEqual([]);
  learn();
  independence.update();
  return independence.refuted.has(number);
}

beforeEach(() => {
  table = new LearnedTable();
  independence = new Independence(table, now);
  whereQIs = AT_Q;
  mailOfQ = 0;
  mailOfR = 0;
  for (const process of [P, Q, R]) independence.add(process);
  table.learn(P, AT_P, OWN_ACCORD, [OTHER_CELL], [CELL]);
  step = table.step(P, AT_P, OWN_ACCORD, [OTHER_CELL], [CELL]);
  for (const [process, at] of [
    [Q, AT_Q],
    [Q, LATER_Q],
    [R, AT_R],
  ] as const)
    table.learn(process, at, OWN_ACCORD, [], []);
});

describe('a step that was taken alone is refuted', () => {
  it.each([
    { what: 'reads what it writes', reads: [CELL], writes: [] },
    { what: 'writes what it writes', reads: [], writes: [CELL] },
    { what: 'writes what it reads', reads: [], writes: [OTHER_CELL] },
  ])('when another process $what', ({ reads, writes }) => {
    expect(isRefutedBy(() => table.learn(Q, AT_Q, OWN_ACCORD, reads, writes))).toBe(true);
  });

  it('but not when both only read', () => {
    expect(isRefutedBy(() => table.learn(Q, AT_Q, OWN_ACCORD, [OTHER_CELL], []))).toBe(false);
  });

  it('when another process comes to a state where it conflicts', () => {
    table.learn(Q, LATER_Q, OWN_ACCORD, [CELL], []);
    expect(isRefutedBy(() => table.leadsTo(Q, AT_Q, LATER_Q, OWN_ACCORD))).toBe(true);
  });

  it('when another process comes to conflict in a state to which it was known to come', () => {
    table.leadsTo(Q, AT_Q, LATER_Q, OWN_ACCORD);
    expect(isRefutedBy(() => table.learn(Q, LATER_Q, OWN_ACCORD, [CELL], []))).toBe(true);
  });

  it('when a process does what conflicts for a message that waits, and only the step itself sends', () => {
    table.sends(P, AT_P, OWN_ACCORD, ACTOR, MESSAGE);
    mailOfQ = MAIL;
    const reason = table.reasons.message(ACTOR, MESSAGE);
    expect(isRefutedBy(() => table.learn(Q, AT_Q, reason, [CELL], []))).toBe(true);
  });

  it('when somebody can send any of the messages that he was relied upon not to send', () => {
    const other = MESSAGE + 1;
    for (const message of [MESSAGE, other]) table.sends(R, AT_R + 1, OWN_ACCORD, ACTOR, message);
    table.learn(Q, AT_Q, table.reasons.message(ACTOR, MESSAGE), [CELL], []);
    table.learn(Q, LATER_Q, table.reasons.message(ACTOR, other), [CELL], []);
    independence.update();
    expect(isIndependentNow()).toBe(true);
    independence.rely(step);
    whereQIs = LATER_Q;
    expect(isRefutedBy(() => table.sends(R, AT_R, OWN_ACCORD, ACTOR, other))).toBe(true);
  });

  it('when somebody can send what another process needs to come there', () => {
    const reason = table.reasons.message(ACTOR, MESSAGE);
    // P sends it as well: that does not count before it steps.
    table.sends(P, AT_P, OWN_ACCORD, ACTOR, MESSAGE);
    table.learn(Q, AT_Q, reason, [CELL], []);
    expect(isRefutedBy(() => table.sends(R, AT_R, OWN_ACCORD, ACTOR, MESSAGE))).toBe(true);
  });

  it('when somebody can send it now who was only known to send it elsewhere', () => {
    const reason = table.reasons.message(ACTOR, MESSAGE);
    table.sends(R, AT_R + 1, OWN_ACCORD, ACTOR, MESSAGE);
    table.learn(Q, AT_Q, reason, [CELL], []);
    expect(isRefutedBy(() => table.sends(R, AT_R, OWN_ACCORD, ACTOR, MESSAGE))).toBe(true);
  });

  it('when a message would do that did not', () => {
    const other = MESSAGE + 1;
    for (const message of [MESSAGE, other]) table.sends(R, AT_R + 1, OWN_ACCORD, ACTOR, message);
    table.sends(R, AT_R, OWN_ACCORD, ACTOR, other);
    table.learn(Q, AT_Q, table.reasons.message(ACTOR, MESSAGE), [CELL], []);
    const learn = () => table.learn(Q, AT_Q, table.reasons.message(ACTOR, other), [CELL], []);
    expect(isRefutedBy(learn)).toBe(true);
  });

  it('when a process that was not there does what conflicts', () => {
    const deed = table.reasons.deed(R, OWN_ACCORD);
    const learn = () => {
      independence.add(NEWCOMER);
      table.learn(NEWCOMER, 0, deed, [CELL], []);
    };
    expect(isRefutedBy(learn)).toBe(true);
  });

  it('when a process that was not there sends what another one needs', () => {
    const deed = table.reasons.deed(R, OWN_ACCORD);
    table.sends(R, AT_R + 1, OWN_ACCORD, ACTOR, MESSAGE);
    table.learn(Q, AT_Q, table.reasons.message(ACTOR, MESSAGE), [CELL], []);
    const learn = () => {
      independence.add(NEWCOMER);
      table.sends(NEWCOMER, 0, deed, ACTOR, MESSAGE);
    };
    expect(isRefutedBy(learn)).toBe(true);
  });

  it('each time that it is relied upon, and has another number then', () => {
    expect(isRefutedBy(() => table.learn(Q, AT_Q, OWN_ACCORD, [CELL], []))).toBe(true);
    const [first] = independence.refuted;
    expect(step.number).not.toBe(first);
    independence.refuted.clear();
    table.learn(R, AT_R, OWN_ACCORD, [CELL], []);
    independence.update();
    expect([...independence.refuted]).toEqual([]);
  });

  it('unless the search has started over', () => {
    const learn = () => {
      independence.startOver();
      independence.add(NEWCOMER);
      table.learn(NEWCOMER, 0, OWN_ACCORD, [CELL], []);
      table.learn(Q, AT_Q, OWN_ACCORD, [CELL], []);
    };
    expect(isRefutedBy(learn)).toBe(false);
  });
});

describe('a step is not independent', () => {
  it('of a process in a state that nobody has looked beyond yet', () => {
    independence.update();
    expect(isIndependentNow()).toBe(true);
    whereQIs = 99;
    expect(isIndependentNow()).toBe(false);
  });

  it('of what a process does with a message that waits, although only the step itself sends it', () => {
    const reason = table.reasons.message(ACTOR, MESSAGE);
    table.sends(P, AT_P, OWN_ACCORD, ACTOR, MESSAGE);
    table.learn(Q, AT_Q, reason, [CELL], []);
    independence.update();
    expect(isIndependentNow()).toBe(true);
    mailOfQ = MAIL;
    expect(isIndependentNow()).toBe(false);
  });

  it('of what a process sends for a message that waits, although only the step itself sends that', () => {
    table.sends(P, AT_P, OWN_ACCORD, ACTOR, MESSAGE);
    table.sends(R, AT_R, table.reasons.message(ACTOR, MESSAGE), ACTOR, MESSAGE + 1);
    table.learn(Q, AT_Q, table.reasons.message(ACTOR, MESSAGE + 1), [CELL], []);
    independence.update();
    expect(isIndependentNow()).toBe(true);
    mailOfR = MAIL;
    expect(isIndependentNow()).toBe(false);
  });

  it('of what a process does with one of two messages that wait, although only the step itself sends that', () => {
    for (const process of [P, R]) table.sends(process, AT_P, OWN_ACCORD, ACTOR, MESSAGE + 1);
    table.sends(P, AT_P, OWN_ACCORD, ACTOR, MESSAGE);
    table.learn(Q, AT_Q, table.reasons.message(ACTOR, MESSAGE), [CELL], []);
    independence.update();
    expect(isIndependentNow()).toBe(true);
    mailOfQ = MORE_MAIL;
    expect(isIndependentNow()).toBe(false);
  });

  it('of what was learned while nobody asked', () => {
    independence.update();
    expect(isIndependentNow()).toBe(true);
    const asked = step;
    step = table.step(P, AT_P, OWN_ACCORD, [], [CELL + 2]);
    table.learn(Q, AT_Q, OWN_ACCORD, [CELL], []);
    independence.update();
    expect(isIndependentNow()).toBe(true);
    table.learn(R, AT_R, OWN_ACCORD, [CELL + 3], []);
    independence.update();
    step = asked;
    expect(isIndependentNow()).toBe(false);
  });

  it('of what a process does behind a message that waits', () => {
    const reason = table.reasons.message(ACTOR, MESSAGE);
    table.sends(P, AT_P, OWN_ACCORD, ACTOR, MESSAGE);
    table.leadsTo(Q, AT_Q, LATER_Q, reason);
    table.learn(Q, LATER_Q, OWN_ACCORD, [CELL], []);
    independence.update();
    expect(isIndependentNow()).toBe(true);
    mailOfQ = MAIL;
    expect(isIndependentNow()).toBe(false);
  });

  it('of what a third one does to a process, unless the one that steps does it', () => {
    table.leadsTo(Q, AT_Q, LATER_Q, table.reasons.deed(P, OWN_ACCORD));
    table.learn(Q, LATER_Q, OWN_ACCORD, [CELL], []);
    independence.update();
    expect(isIndependentNow()).toBe(true);
    table.leadsTo(Q, AT_Q, LATER_Q, table.reasons.deed(R, OWN_ACCORD));
    independence.update();
    expect(isIndependentNow()).toBe(false);
  });

  it('of a process that came after everybody was looked for, until it is known what may become of it', () => {
    independence.update();
    expect(isIndependentNow()).toBe(true);
    independence.add(NEWCOMER);
    expect(independence.isIndependent(step)).toBe(false);
    independence.update();
    expect(independence.isIndependent(step)).toBe(true);
    table.learn(NEWCOMER, 0, table.reasons.deed(R, OWN_ACCORD), [CELL], []);
    independence.update();
    expect(independence.isIndependent(step)).toBe(false);
  });

  it('of what a third one does to a process for a message, unless that cannot come', () => {
    const deed = table.reasons.deed(R, table.reasons.message(ACTOR, MESSAGE));
    table.leadsTo(Q, AT_Q, LATER_Q, deed);
    table.learn(Q, LATER_Q, OWN_ACCORD, [CELL], []);
    independence.update();
    expect(isIndependentNow()).toBe(true);
    mailOfQ = MAIL;
    expect(isIndependentNow()).toBe(false);
  });

  it('of all that it may cause, where something waits that only it was seen to send', () => {
    const [waits, comes] = [MESSAGE, MESSAGE + 1].map((message) => table.reasons.message(ACTOR, message));
    for (const message of [MESSAGE, MESSAGE + 1]) table.sends(P, AT_P, OWN_ACCORD, ACTOR, message);
    table.leadsTo(Q, AT_Q, LATER_Q, waits ?? OWN_ACCORD);
    table.learn(Q, LATER_Q, comes ?? OWN_ACCORD, [CELL], []);
    mailOfQ = MAIL;
    independence.update();
    expect(isIndependentNow()).toBe(false);
    table.sends(R, AT_R + 1, OWN_ACCORD, ACTOR, MESSAGE);
    independence.update();
    expect(isIndependentNow()).toBe(true);
  });
});

it('a step is another one where it touches other cells', () => {
  expect(table.step(P, AT_P, OWN_ACCORD, [OTHER_CELL], [CELL])).toBe(step);
  expect(table.step(P, AT_P, OWN_ACCORD, [], [CELL])).not.toBe(step);
  expect(table.step(P, AT_P, OWN_ACCORD, [OTHER_CELL], [])).not.toBe(step);
});

it('a step is independent of what needs a message that only it sends from where all are now', () => {
  table.sends(R, AT_R + 1, OWN_ACCORD, ACTOR, MESSAGE);
  table.sends(P, AT_P, OWN_ACCORD, ACTOR, MESSAGE);
  table.learn(Q, AT_Q, table.reasons.message(ACTOR, MESSAGE), [CELL], []);
  independence.update();
  expect(isIndependentNow()).toBe(true);
});
