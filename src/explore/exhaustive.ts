import { UsageError } from '../kernel/usageError.js';
import { ExhaustiveSearch } from './exhaustiveSearch.js';
import type { Strategy } from './strategy.js';

export interface ExhaustiveOptions {
  /**
   * In which order states are looked at. `bfs`, breadth first (default): what is found first is found by a shortest run.
   * `dfs`, depth first: goes deep at once, and few states wait.
   */
  readonly order?: 'bfs' | 'dfs';
}

/** Takes every schedule, and remembers states: each distinct one is looked at once. The counts are the same in either order. */
export function exhaustive(options: ExhaustiveOptions = {}): Strategy {
  const { order = 'bfs' } = options;
  if (order !== 'bfs' && order !== 'dfs')
    throw new UsageError(`the order '${order}' is unknown`, "give 'bfs' or 'dfs'");
  return {
    name: order === 'bfs' ? 'exhaustive (breadth first)' : 'exhaustive (depth first)',
    begin: (world, claims, limits) => new ExhaustiveSearch(world, claims, limits, order),
  };
}
