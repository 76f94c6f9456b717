/**
 * The user asked for something that cannot be done: one or two sentences that name the offending value and say what to
 * do instead. The command line prints the message alone and exits with 2.
 *
 * @example throw new UsageError(`there is no scenario '${name}'`, 'run `interlace list` to see them all')
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** What is wrong, naming the offending value. */
  readonly problem: string;
  /** What to do about it. */
  readonly fix: string;

  /** One from another copy of this package counts too: a user's file may bring its own. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'UsageError' && 'problem' in value && 'fix' in value;
  }

  constructor(problem: string, fix: string, options?: ErrorOptions) {
    super(`${problem}; ${fix}`, options);
    this.problem = problem;
    this.fix = fix;
  }
}
