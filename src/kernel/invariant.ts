/**
 * Our own bug, as opposed to a misuse ({@link UsageError}) or a broken model (a verdict).
 *
 * Reaching one of these means that Interlace itself is wrong; the message asks the reader to report it.
 */
class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/**
 * States a fact that only a bug of ours can make false.
 *
 * @param condition the fact
 * @param claim the fact in words, in the present tense
 * @throws InvariantError when the fact is false
 */
export function invariant(condition: boolean, claim: string): asserts condition {
  if (!condition) throw new InvariantError(`Interlace is broken, please report this: expected that ${claim}`);
}

/** Unwraps a value that cannot be missing unless we have a bug; cost: one comparison. */
export function present<T>(value: T | undefined | null, claim: string): T {
  invariant(value !== undefined && value !== null, claim);
  return value;
}
