import { expect } from 'vitest';
import type { AnyActorLogic } from 'xstate';
import { changes, type Image, type Sighting } from './image.js';
import { type ImitatedRun, runImitation } from './interlace.js';
import { type Case, runReference, type Script } from './reference.js';

export interface Comparison {
  readonly ours: readonly Sighting[];
  readonly reference: readonly Sighting[];
  readonly cut: ImitatedRun['cut'];
}

/**
 * Runs a case on both sides, as far as they must agree.
 *
 * @param referenceLogic another logic for XState's side: how a test shows that a difference is seen
 */
export function compare(test: Case, referenceLogic: AnyActorLogic = test.logic): Comparison {
  const { sightings, cut } = runImitation(test);
  const reference = runReference({ ...test, logic: referenceLogic, untilMs: cut?.atMs ?? test.untilMs });
  return { ours: changes(sightings), reference: changes(reference), cut };
}

/** The first thing that differs, in words; `undefined` when nothing does. */
export function differenceOf({ ours, reference }: Comparison): string | undefined {
  for (let i = 0; i < Math.max(ours.length, reference.length); i++) {
    const [a, b] = [ours[i], reference[i]];
    if (JSON.stringify(a) === JSON.stringify(b)) continue;
    return `change ${i}:\n  interlace ${JSON.stringify(a)}\n  XState    ${JSON.stringify(b)}`;
  }
  return undefined;
}

/** What a hand-written case can assert beyond parity: that what it is about really happened. */
export interface Agreed {
  /** The root at the end. */
  readonly root: Image;
  readonly sightings: readonly Sighting[];
  /** What its actions noted (see chart.ts). */
  readonly log: string;
  /** All that was emitted, as `<emitter> <event type>`. */
  readonly emitted: readonly string[];
}

/**
 * Expects both sides to agree from start to end, and returns what they agree on.
 *
 * @param steps events at 100, 200, … ms, or with their own instants
 */
export function expectParity(
  logic: AnyActorLogic,
  steps: readonly (string | readonly [atMs: number, type: string])[] = [],
  input?: unknown,
): Agreed {
  const script: Script = steps.map((step, i) =>
    typeof step === 'string' ? [100 * (i + 1), { type: step }] : [step[0], { type: step[1] }],
  );
  const comparison = compare({ logic, input, script, untilMs: (script.at(-1)?.[0] ?? 0) + 1_000 });
  expect(
    comparison.cut,
    'the case does not depend on what XState and a world may do differently',
  ).toBeUndefined();
  expect(comparison.ours).toEqual(comparison.reference);
  const root = comparison.reference.at(-1)?.root;
  if (root === undefined || root === 'gone') throw new Error('a root never goes');
  const emitted = comparison.reference.flatMap((sighting) =>
    Object.entries(sighting.emitted).flatMap(([from, events]) =>
      events.map((event) => `${from} ${typeOf(event)}`),
    ),
  );
  return {
    root,
    sightings: comparison.reference,
    log: /"log":"([^"]*)"/.exec(root.context)?.[1] ?? '',
    emitted,
  };
}

function typeOf(event: string): string {
  return /"type":"([^"]*)"/.exec(event)?.[1] ?? event;
}
