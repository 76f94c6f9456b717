import { afterEach, expect, test, vi } from 'vitest';
import { setup } from 'xstate';
import { defineSystem } from '../../src/runtime/system.js';
import { World } from '../../src/runtime/world.js';

afterEach(() => void vi.unstubAllGlobals());

const machine = setup({}).createMachine({ initial: 'a', states: { a: { tags: ['idle'] } } });

/** How many integers are allocated for a world of so many actors to start. */
function allocatedFor(count: number): number {
  let allocated = 0;
  const ints = Int32Array;
  vi.stubGlobal(
    'Int32Array',
    new Proxy(ints, {
      construct(target, args: [number]) {
        if (typeof args[0] === 'number') allocated += args[0];
        return Reflect.construct(target, args, target);
      },
    }),
  );
  const names = Array.from({ length: count }, (_, i) => `a${i}`);
  const actors = Object.fromEntries(names.map((name) => [name, { logic: machine }]));
  const { length } = new World(defineSystem({ name: 'many', actors })).initial.cells;
  vi.unstubAllGlobals();
  expect(length).toBe(2 * count);
  return allocated;
}

test('to start twice as many actors takes twice the memory, not four times', () => {
  allocatedFor(1);
  const [some, twice] = [allocatedFor(400), allocatedFor(800)];
  expect(twice / some).toBeLessThan(2.5);
});
