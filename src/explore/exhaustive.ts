import { UsageError } from '../kernel/usageError.js';
import { ExhaustiveSearch } from './exhaustiveSearch.js';
import { ReducedSearch } from './reduction/reducedSearch.js';
import type { Strategy } from './strategy.js';

export interface ExhaustiveOptions {
  /**
   * In which order states are looked at. `bfs`, breadth first (default): what is found first is found by a shortest run.
   * `dfs`, depth first: goes deep at once, and few states wait.
   */
  readonly order?: 'bfs' | 'dfs';
  /**
   * Whether states are left out that differ only in the order of steps that have nothing to do with each other (default): the
   * verdict is the same. Without it the numbers of states and transitions are exact.
   */
  readonly reduction?: boolean;
}

/**
 * Takes every schedule, and remembers states: each distinct one is looked at once. Without reduction the counts are the same in
 * either order.
 */
export function exhaustive(options: ExhaustiveOptions = {}): Strategy {
  const { order = 'bfs', reduction = true } = options;
  if (order !== 'bfs' && order !== 'dfs')
    throw new UsageError(`the order '${order}' is unknown`, "give 'bfs' or 'dfs'");
  return {
    name: `exhaustive (${order === 'bfs' ? 'breadth' : 'depth'} first${reduction ? ', reduced' : ''})`,
    begin: (world, claims, limits) =>
      reduction && !claims.watchesSteps
        ? new ReducedSearch(world, claims, limits, order)
        : new ExhaustiveSearch(world, claims, limits, order),
  };
}
