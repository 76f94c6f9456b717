import { describe, expect, it } from 'vitest';
import { onInterruption } from '../../src/cli/interruption.js';

describe('onInterruption', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('turns %s into an abort with the exit code %d, until it is released', (name, code) => {
    const before = process.listenerCount(name);
    const { signal, release } = onInterruption();
    expect(signal.aborted).toBe(false);
    process.emit(name);
    expect([signal.aborted, signal.reason]).toEqual([true, code]);
    release();
    expect(process.listenerCount(name)).toBe(before);
  });
});
