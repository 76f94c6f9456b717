import { describe, expect, it } from 'vitest';
import { invariant, present } from '../../src/kernel/invariant.js';
import { UsageError } from '../../src/kernel/usageError.js';

describe('the two kinds of error', () => {
  it('an invariant that does not hold asks for a report and names the claim', () => {
    expect(() => invariant(false, 'the sky is blue')).toThrow(
      expect.objectContaining({ name: 'InvariantError' }),
    );
    expect(() => invariant(false, 'the sky is blue')).toThrow(
      /please report this: expected that the sky is blue/,
    );
    expect(() => invariant(true, 'the sky is blue')).not.toThrow();
  });

  it('a value that is present is handed on, even when it is falsy', () => {
    expect([present(0, 'x'), present('', 'x'), present(false, 'x')]).toEqual([0, '', false]);
    expect(() => present(undefined, 'x')).toThrow(expect.objectContaining({ name: 'InvariantError' }));
    expect(() => present(null, 'x')).toThrow(expect.objectContaining({ name: 'InvariantError' }));
  });

  it('a misuse says what is wrong and what to do, in one message', () => {
    const cause = new Error('below');
    const error = new UsageError("there is no scenario 'x'", 'run `interlace list`', { cause });
    expect(error.message).toBe("there is no scenario 'x'; run `interlace list`");
    expect([error.problem, error.fix, error.name, error.cause]).toEqual([
      "there is no scenario 'x'",
      'run `interlace list`',
      'UsageError',
      cause,
    ]);
  });
});
