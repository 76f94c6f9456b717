import { findRaces, type PartAhead, raceText } from '../routine/races.js';
import type { Segments } from '../routine/segments.js';
import type { StateReader } from '../runtime/probes.js';
import type { Activations } from './activations.js';

/** Read and written on both sides by design (J13). */
const isExempt = (cell: string): boolean => cell.endsWith('.TimeoutCounter');

function withoutExempt(cells: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...cells].filter((cell) => !isExempt(cell)));
}

/**
 * The data races of a minidriver's callbacks in a state (architecture 5.2, INV-003, INV-005): two that are under way at once, and
 * whose next stretches of plain code touch one cell. Who has to wait for a lock is not there yet; a call is no plain code.
 */
export function callbackRaces(
  activations: Activations,
  segments: Segments,
  state: StateReader,
): readonly string[] {
  const parts = activations.ahead(state).map((activation): PartAhead => {
    const { footprint } = segments.segment(activations.at(activation, state), state);
    const { atomic } = footprint;
    return {
      number: activation.number,
      thread: activations.names[activation.number] ?? '',
      footprint: { reads: withoutExempt(footprint.reads), writes: withoutExempt(footprint.writes), atomic },
    };
  });
  return findRaces(parts, (a, b) => activations.mayOverlap(a, b, state)).map(raceText);
}
