import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exampleSystems } from '../../examples/index.js';
import { publishedCounts } from '../../examples/publishedCounts.js';
import { alternatingBit } from '../../examples/systems/alternatingBit.js';
import { bankTransfer } from '../../examples/systems/bankTransfer.js';
import { counter } from '../../examples/systems/counter.js';
import { diningPhilosophers } from '../../examples/systems/diningPhilosophers.js';
import { petersonsLock } from '../../examples/systems/petersonsLock.js';
import pingPong from '../../examples/systems/pingPong.js';
import { retry } from '../../examples/systems/retry.js';
import { streamRequests } from '../../examples/systems/streamRequests.js';
import { tokenRing } from '../../examples/systems/tokenRing.js';
import { twoPhaseCommit } from '../../examples/systems/twoPhaseCommit.js';
import type { Property, System } from '../../src/index.js';
import { enumerateWorlds } from '../explore/enumerateWorlds.js';
import { everyState } from '../explore/everyState.js';
import { alternatingBitModel } from './models/alternatingBit.js';
import { bankTransferModel } from './models/bankTransfer.js';
import { diningPhilosophersModel } from './models/diningPhilosophers.js';
import { enumerate, type Model } from './models/model.js';
import { pingPongModel } from './models/pingPong.js';
import { retryModel } from './models/retry.js';
import { counterModel, petersonModel } from './models/threads.js';
import { tokenRingModel } from './models/tokenRing.js';
import { twoPhaseCommitModel } from './models/twoPhaseCommit.js';

interface Example {
  readonly system: System;
  readonly properties: readonly Property[];
}

/** A system at several sizes, with its model. */
function family<S>(
  sizes: readonly number[],
  example: (n: number) => Example,
  model: (n: number) => Model<S>,
) {
  return sizes.map((n) => ({
    ...example(n),
    count: (untilWrong: boolean) => enumerate(model(n), untilWrong),
  }));
}

const examples = [
  ...family(
    [2],
    () => ({ system: pingPong, properties: [] }),
    () => pingPongModel,
  ),
  ...(['left', 'numbered'] as const).flatMap((order) =>
    family(
      [2, 3, 4],
      (n) => diningPhilosophers(n, order),
      (n) => diningPhilosophersModel(n, order === 'numbered'),
    ),
  ),
  ...([undefined, 'presumes consent', 'may crash'] as const).flatMap((fault) =>
    family(
      fault === undefined ? [1, 2, 3, 4] : [2, 3],
      (n) => twoPhaseCommit(n, fault),
      (n) => twoPhaseCommitModel(n, fault),
    ),
  ),
  ...(['content', 'impatient'] as const).flatMap((monitor) =>
    family(
      [2, 3, 6],
      (n) => tokenRing(n, monitor),
      (n) => tokenRingModel(n, monitor === 'impatient'),
    ),
  ),
  ...(['ask', 'read and write'] as const).flatMap((clerks) =>
    family(
      [2, 3, 5],
      (n) => bankTransfer(n, clerks),
      (n) => bankTransferModel(n, clerks !== 'ask'),
    ),
  ),
  ...(['remembering', 'forgetful'] as const).flatMap((bank) =>
    family(
      bank === 'remembering' ? [1, 3, 4] : [2, 3],
      (n) => retry(n, bank),
      (n) => retryModel(n, bank === 'remembering'),
    ),
  ),
  ...(['numbered', 'plain'] as const).flatMap((letters) =>
    family(
      letters === 'numbered' ? [1, 2, 3, 7] : [2, 3],
      (n) => alternatingBit(n, letters),
      (n) => alternatingBitModel(n, letters === 'numbered'),
    ),
  ),
  ...(['read and write', 'compare and swap'] as const).flatMap((by) =>
    family(
      [2, 3, 4],
      (n) => counter(n, by),
      (n) => counterModel(n, by === 'compare and swap'),
    ),
  ),
  ...family(
    [2],
    () => petersonsLock(),
    () => petersonModel,
  ),
  ...(['sound', 'without token', 'without Ready', 'losing cancels'] as const).map((kind) => {
    const example = streamRequests(kind);
    return { ...example, count: (untilWrong: boolean) => enumerateWorlds(example, untilWrong) };
  }),
];

describe('the published number of states', () => {
  it.each(examples.map((example) => [example.system.name, example] as const))(
    'of %s is what a fresh search and a fresh enumeration find',
    async (name, { system, properties, count }) => {
      const published = publishedCounts[name];
      const { verdict, violations, witnesses } = await everyState(system, { properties });
      const shortest = violations[0]?.steps.length;
      expect({ verdict, shortest }).toEqual({ verdict: published?.verdict, shortest: published?.shortest });
      if (verdict === 'holds') {
        expect(Object.entries(witnesses).filter(([, { reached }]) => !reached)).toEqual([]);
      }
      const { states, shortest: modelled, transitions } = count(published?.states === undefined);
      expect(modelled).toBe(shortest);
      if (published?.states === undefined) return;
      const whole = await everyState(system, { builtIn: { deadlock: false } });
      expect(whole).toMatchObject({ verdict: 'holds', exhausted: true });
      expect(whole.statistics).toMatchObject({ states, transitions });
      expect(states).toBe(published.states);
    },
  );

  it('comes with promises that a deadlock breaks', async () => {
    for (const { system, properties } of [twoPhaseCommit(3, 'may crash'), diningPhilosophers(3, 'left')]) {
      const { violations } = await everyState(system, { properties, builtIn: { deadlock: false } });
      const promises = properties.filter(({ kind }) => kind === 'eventually').map(({ name }) => name);
      expect(violations.map(({ property }) => property)).toEqual(promises);
    }
  });

  it('is no number where plain accesses race in the initial state', async () => {
    const { system, properties } = petersonsLock('plain');
    const { violations } = await everyState(system, { properties });
    expect(violations.map(({ property, steps }) => [property, steps.length])).toEqual([['no data race', 0]]);
    expect(publishedCounts[system.name]).toEqual({ verdict: 'violated', shortest: 0 });
  });

  it('stands in the table for exactly the systems that are counted, and for all that come with the package', () => {
    const counted = [...examples, petersonsLock('plain')].map(({ system }) => system.name);
    expect(Object.keys(publishedCounts).sort()).toEqual(
      [...counted, 'camera', 'cancel', 'timeout', 'formats'].sort(),
    );
    const bundled = exampleSystems.map(({ system }) => system.name);
    expect(bundled.filter((name) => !counted.includes(name))).toEqual([]);
  });

  it('stands in the docstring of the bundled ones that hold', () => {
    const folder = join(import.meta.dirname, '../../examples/systems');
    const text = readdirSync(folder)
      .map((file) => readFileSync(join(folder, file), 'utf8').replaceAll(/\s+(?:\* )?/gu, ' '))
      .join(' ');
    const untold = exampleSystems
      .map(({ system }) => publishedCounts[system.name])
      .filter((published) => published?.verdict === 'holds')
      .map((published) => published?.states?.toLocaleString('en-US'))
      .filter((states) => !new RegExp(`(?:have|has|and) ${states}\\b`, 'u').test(text));
    expect(untold).toEqual([]);
  });
});
