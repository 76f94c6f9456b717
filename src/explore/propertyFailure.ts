import { UsageError } from '../kernel/usageError.js';
import type { Answers } from '../property/answers.js';

/** A property of the user's threw. */
export class PropertyFailure extends Error {
  readonly property: string;
  /** Number of the state in which it was asked. */
  readonly state: number;

  constructor(property: string, state: number, message: string, options: ErrorOptions) {
    super(message, options);
    this.property = property;
    this.state = state;
  }

  /** What the user is told, who knows states by the schedules that lead there. */
  after(schedule: string): UsageError {
    const where = schedule === '' ? 'in the initial state' : `after ${schedule}`;
    return new UsageError(
      `the property '${this.property}' threw: ${this.message}; ${where}`,
      'a property is asked in every state, also where an actor has not started or is gone: let it look before it reads',
      { cause: this.cause },
    );
  }
}

/**
 * Asks a property in the state that the stepper has turned to.
 *
 * @param state its number, for the failure
 * @throws PropertyFailure when the predicate throws; UsageError when it depends on anything but the world
 */
export function ask(property: string, answers: Answers, state: number): boolean {
  try {
    return answers.holds();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new PropertyFailure(property, state, message, { cause: error });
  }
}
