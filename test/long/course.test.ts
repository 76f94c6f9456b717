import { expect, test } from 'vitest';
import { tableSizesAt } from '../explore/cameraRun.js';

test('the tables of the camera are no larger at 10,000 frames than at 5,000', () => {
  const [at5000, at10000] = tableSizesAt([5000, 10_000], 900);
  for (const table of ['contents', 'messages', 'values', 'memo', 'places'] as const) {
    expect(at10000?.[table]).toBeLessThan(1.1 * (at5000?.[table] ?? 0) + 1);
  }
});
