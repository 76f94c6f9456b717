import { beforeEach, describe, expect, it } from 'vitest';
import type { Changes } from '../../src/runtime/changes.js';
import { asChoice } from '../../src/runtime/choice.js';
import { RememberedSteps } from '../../src/runtime/rememberedSteps.js';
import { World } from '../../src/runtime/world.js';
import { idle } from './machines.js';
import { systemOf } from './play.js';

// A step that looks at the first slot of a world with two idle actors, and writes what that holds into the second.

const [CHOICE, OTHER_CHOICE] = [asChoice(1), asChoice(2)];
const [FROM, TO] = [0, 1];

let changes: Changes;
let cells: Int32Array;
let steps: RememberedSteps;

beforeEach(() => {
  const world = new World(systemOf({ a: idle, b: idle }));
  changes = world.stepper.changes;
  cells = Int32Array.from(world.initial.cells);
  steps = new RememberedSteps(changes);
  open();
});

function open(): void {
  changes.forget();
  changes.turnTo(cells, 0, cells.length);
}

/** Takes the step for the first time. */
function teach(isFit = true): void {
  expect(steps.take(CHOICE, 1)).toBe(false);
  steps.listen();
  changes.set(TO, changes.valueAt(FROM));
  steps.learn(CHOICE, isFit);
  open();
}

describe('a step', () => {
  it('is taken again as it is remembered, where it looks at the same', () => {
    teach();
    expect(steps.take(CHOICE, 1)).toBe(true);
    expect(changes.valueAt(TO)).toBe(cells[FROM]);
    expect(steps.last).toBeDefined();
    expect(steps.take(OTHER_CHOICE, 1)).toBe(false);
    expect(steps.last).toBeUndefined();
    cells[FROM] = 0;
    open();
    expect(steps.take(CHOICE, 1)).toBe(false);
  });

  it('is forgotten when something new was met, be it by itself', () => {
    teach();
    expect(steps.take(CHOICE, 2)).toBe(false);
  });

  it('that is not fit is not remembered', () => {
    teach(false);
    expect(steps.take(CHOICE, 1)).toBe(false);
  });

  it('that is over is no longer listened to', () => {
    teach();
    expect(changes.reads).toBeUndefined();
  });
});
