import { expect, it } from 'vitest';
import { assign, setup } from 'xstate';
import { check } from '../../src/explore/check.js';
import { jsonText } from '../../src/kernel/jsonText.js';
import { never } from '../../src/property/property.js';
import { reportLines } from '../../src/render/report.js';
import { defineSystem } from '../../src/runtime/system.js';

const event = {
  type: 'UP',
  times: 1,
  error: new TypeError('no disk'),
  map: new Map([['k', 1n]]),
  set: new Set([1]),
  date: new Date(0),
  bytes: new Uint8Array([7]),
  none: Number.NaN,
};
const machine = setup({ types: { context: {} as { n: number } } }).createMachine({
  context: { n: 0 },
  initial: 'a',
  states: {
    a: {
      tags: ['idle'],
      meta: { offers: [event] },
      on: { UP: { actions: assign({ n: ({ context }) => context.n + 1 }) } },
    },
  },
});
const outcome = await check(defineSystem({ name: 'values', actors: { one: { logic: machine } } }), {
  properties: [never('up', (world) => world.snapshot('one')?.context['n'] === 1)],
});

it('JSON has words for every value that may be in an event', () => {
  const document = JSON.parse(jsonText(outcome));
  expect(document.violations[0].steps[0].event).toEqual({
    type: 'UP',
    error: { name: 'TypeError', message: 'no disk' },
    map: [['k', '1n']],
    set: [1],
    date: '1970-01-01T00:00:00.000Z',
    bytes: [7],
    none: 'NaN',
  });
});

it('a report shows errors, maps, sets and dates by what is in them, and counts one of a thing', () => {
  const report = reportLines(outcome).join('\n');
  expect(report).toContain('UP(error: TypeError: no disk, map: [k: 1n], set: [1], date: 1970-01-01T00:');
  expect(report).toContain('\n2 states, 1 transition, depth 1, XState ran ');
});
