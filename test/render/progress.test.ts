import { expect, it } from 'vitest';
import { progressLine } from '../../src/render/progress.js';

it.each([
  [
    { states: 1_234_567, depth: 41, frontier: 80_000, seconds: 3.2 },
    'states 1.2M · 385.8k/s · depth 41 · frontier 80k · 00:03',
  ],
  [{ states: 999, depth: 7, frontier: 12, seconds: 0 }, 'states 999 · 0/s · depth 7 · frontier 12 · 00:00'],
  [
    { states: 52_780_328, depth: 110, frontier: 1_949, seconds: 4_503.9 },
    'states 52.8M · 11.7k/s · depth 110 · frontier 1.9k · 75:03',
  ],
])('says how far a search has come: %j', (count, line) => {
  expect(progressLine(count)).toBe(line);
});
