import { expect, test } from 'vitest';
import { tableSizesAt } from '../explore/cameraRun.js';

test('the tables of the camera stay as small over 10,000 frames as they are allowed to be', () => {
  const contentsMax = 600;
  for (const sizes of tableSizesAt([1000, 10_000], contentsMax)) {
    for (const size of Object.values(sizes)) expect(size).toBeLessThan(1.1 * contentsMax);
  }
});
