import { expect, it } from 'vitest';
import { benchFrames } from '../../bench/frames.js';

it('the measured passages carry the same frames, and memory is looked at while they run', () => {
  const { stack, pipe, ratio } = benchFrames(20);
  expect(stack.sha256).toBe(pipe.sha256);
  expect(stack.megabytes).toHaveLength(10);
  expect(ratio).toBeGreaterThan(0);
});
