import { now } from '../kernel/stopwatch.js';
import { keepingDoorsClosed } from '../runtime/determinism.js';
import { turn } from './turn.js';

const TURN_MS = 50;

/** What stops a search from outside. */
export type Stop = 'abort' | 'seconds';

/** When a search must stop, and who wants to know how far it is. */
export interface Clock {
  readonly signal: AbortSignal | undefined;
  readonly secondsMax: number;
  /** Since the check began. */
  seconds(): number;
  /** Is called a few times a second. */
  onTurn(): void;
}

/** Lets a search run to its end, or until the clock stops it; everything else gets a turn now and then. */
export async function drive<End>(
  steps: Generator<void, End, void>,
  { signal, secondsMax, seconds, onTurn }: Clock,
): Promise<End | Stop> {
  const goOn = (): IteratorResult<void, End | Stop> => {
    for (const turnAt = now() + TURN_MS; ; ) {
      const next = steps.next();
      if (next.done) return next;
      if (signal?.aborted) return { done: true, value: 'abort' };
      if (seconds() > secondsMax) return { done: true, value: 'seconds' };
      if (now() > turnAt) return next;
    }
  };
  try {
    for (;;) {
      const next = keepingDoorsClosed(goOn);
      if (next.done) return next.value;
      onTurn();
      await turn();
    }
  } finally {
    // Leaving a generator that has ended does nothing; a search that is left sums up what it has.
    steps.return(undefined as never);
  }
}
