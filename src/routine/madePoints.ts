import type { Operation } from './point.js';
import type { Refuse } from './threadMemory.js';
import { userLine } from './userLine.js';

/** Points that code may have made without beginning one: more is a loop that never comes to its end. */
const LIMIT = 10_000;

/**
 * The points that one execution has made and not begun. One that is left at the end was made without `yield*`, and did nothing. While
 * the code goes on it may still begin: helpers such as `withLock(lock, point)` are given points and begin others first.
 */
export class MadePoints {
  /** Each with the place in the code, if that is wanted: a stack costs more than all the rest of a point. */
  readonly #places = new Map<Operation, string>();
  readonly #refuse: Refuse;
  readonly #notesPlaces: boolean;

  constructor(refuse: Refuse, notesPlaces: boolean) {
    this.#refuse = refuse;
    this.#notesPlaces = notesPlaces;
  }

  get areLeft(): boolean {
    return this.#places.size > 0;
  }

  made(operation: Operation): void {
    this.#places.set(operation, this.#notesPlaces ? userLine() : '');
    if (this.#places.size > LIMIT) this.#refuseOne(operation, userLine());
  }

  begins(operation: Operation): void {
    this.#places.delete(operation);
  }

  /** Refuses the first one that is left. */
  mustNotBeLeft(): void {
    for (const [operation, place] of this.#places) this.#refuseOne(operation, place);
  }

  #refuseOne(operation: Operation, place: string): never {
    return this.#refuse(`${nameOf(operation)} does nothing by itself`, 'write yield* in front of it', place);
  }
}

function nameOf(operation: Operation): string {
  switch (operation.kind) {
    case 'acquire':
    case 'release':
      return `${operation.kind}('${operation.lock}')`;
    case 'preempt':
      return 'preempt()';
    case 'until':
      return 'until(…)';
    case 'service':
      return `${operation.name}(${operation.args.length > 0 ? '…' : ''})`;
    default:
      return `${operation.kind}(…, '${String(operation.key)}')`;
  }
}
