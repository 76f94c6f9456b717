import { beforeEach, describe, expect, it } from 'vitest';
import { setup } from 'xstate';
import { Reduction } from '../../../src/explore/reduction/reduction.js';
import { defineSystem } from '../../../src/index.js';
import { Watched, type Watcher } from '../../../src/property/watched.js';
import { World } from '../../../src/runtime/world.js';

const SLOT = 3;
const PATTERN = 0;
const LATE = 1 << 14;
const watcher: Watcher = { isHarmless: () => true, verify: () => [] };

const READS = [
  { what: 'a slot', read: () => watched.add(SLOT, watcher) },
  { what: 'mail', read: () => watched.addMail(SLOT, PATTERN) },
];

let watched: Watched;
let reduction: Reduction;

beforeEach(() => {
  watched = new Watched();
  const logic = setup({}).createMachine({});
  reduction = new Reduction(new World(defineSystem({ name: 'one', actors: { a: { logic } } })), watched);
});

describe('a search that learns late that a property reads what was passed over', () => {
  it.each(READS)('starts over, however far it has come: $what', ({ read }) => {
    watched.passOver(SLOT);
    expect([reduction.isRefuted, reduction.startsOver(LATE)]).toEqual([false, false]);
    read();
    expect([reduction.isRefuted, reduction.startsOver(LATE)]).toEqual([true, true]);
  });

  it.each(READS)('has passed over nothing when it has started over: $what', ({ read }) => {
    watched.passOver(SLOT);
    reduction.startOver();
    read();
    expect(reduction.isRefuted).toBe(false);
  });
});

describe('a search that starts over', () => {
  it('has taken no step alone yet', () => {
    reduction.takesAlone(0);
    expect(reduction.aloneCount).toBe(1);
    reduction.startOver();
    expect(reduction.aloneCount).toBe(0);
    reduction.takesAlone(0);
    expect(reduction.aloneCount).toBe(1);
  });
});
