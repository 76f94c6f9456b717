import { reasonOf } from '../kernel/reasonOf.js';
import { UsageError } from '../kernel/usageError.js';
import type { Answers } from '../property/answers.js';
import type { Choice } from '../runtime/choice.js';

/** A state, by its number; with a choice, the one that it leads to. */
export interface Place {
  readonly state: number;
  readonly choice?: Choice;
}

/** A property of the user's threw. */
export class PropertyFailure extends Error {
  readonly property: string;
  /** Where it was asked. */
  readonly place: Place;

  constructor(property: string, place: Place, message: string, options: ErrorOptions) {
    super(message, options);
    this.property = property;
    this.place = place;
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
 * @param place where that is, for the failure
 * @param lastStep the number of the step that led there
 * @throws PropertyFailure when the predicate throws; UsageError when it depends on anything but the world
 */
export function ask(property: string, answers: Answers, place: Place, lastStep?: number): boolean {
  try {
    return answers.holds(lastStep);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new PropertyFailure(property, place, reasonOf(error), { cause: error });
  }
}

/** A property asked for the step that led to a state, and was not asked after every step. */
export class LastStepRead extends Error {
  readonly property: string;

  constructor(property: string) {
    super(`the property '${property}' reads lastStep`);
    this.property = property;
  }
}
