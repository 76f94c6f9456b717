import { expect, it } from 'vitest';
import { diningPhilosophers } from '../../examples/systems/diningPhilosophers.js';
import { assertCheck, CheckFailure } from '../../src/index.js';

it('throws one error whose message is the whole report', async () => {
  const failure = await assertCheck(diningPhilosophers(2, 'left').system).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(CheckFailure);
  expect(failure).toMatchObject({ outcome: { verdict: 'violated' } });
  expect(String(failure)).toMatch(/^CheckFailure: violated: one violation.*\n\nno deadlock: .*\n\n1\. /);
});

it('gives the outcome when nothing is wrong, and when a bound ended the search', async () => {
  expect((await assertCheck(diningPhilosophers(2, 'numbered').system)).verdict).toBe('holds');
  const bounded = await assertCheck(diningPhilosophers(3, 'left').system, { bounds: { depth: 3 } });
  expect(bounded).toMatchObject({ verdict: 'inconclusive', stoppedBy: 'depth' });
});
