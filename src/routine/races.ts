import type { Footprint } from './segment.js';

/** Two threads whose parts ahead touch one cell; one writes, and not both are atomic accesses. */
export interface DataRace {
  readonly threads: readonly [string, string];
  /** The cell, e.g. `memory.x`; `memory.*` stands for the set of keys. */
  readonly cell: string;
}

/** A race, in words. */
export function raceText({ threads: [a, b], cell }: DataRace): string {
  return `data race: ${a} and ${b} touch ${cell}`;
}

/** A thread's part ahead: one atomic access, or the plain code up to its next point. */
export interface PartAhead {
  readonly number: number;
  readonly thread: string;
  readonly footprint: Footprint;
}

/**
 * All races between parts that may come next (architecture 5.2), one cell each, in the order of the parts.
 *
 * @param mayOverlap whether the parts of two threads may be under way at once
 */
export function findRaces(
  parts: readonly PartAhead[],
  mayOverlap: (a: number, b: number) => boolean,
): readonly DataRace[] {
  return parts.flatMap((a, i) =>
    parts.slice(i + 1).flatMap((b): DataRace[] => {
      if (a.footprint.atomic && b.footprint.atomic) return [];
      const cell = conflict(a.footprint, b.footprint) ?? conflict(b.footprint, a.footprint);
      return cell !== undefined && mayOverlap(a.number, b.number)
        ? [{ threads: [a.thread, b.thread], cell }]
        : [];
    }),
  );
}

function conflict(writer: Footprint, other: Footprint): string | undefined {
  for (const cell of writer.writes) if (other.reads.has(cell) || other.writes.has(cell)) return cell;
  return undefined;
}
