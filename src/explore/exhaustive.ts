import { mustBeOptions, type Names, shown } from '../kernel/options.js';
import { UsageError } from '../kernel/usageError.js';
import { exhaustiveName } from './exhaustiveName.js';
import { ExhaustiveSearch } from './exhaustiveSearch.js';
import { ReducedSearch } from './reduction/reducedSearch.js';
import type { Strategy } from './strategy.js';

export interface ExhaustiveOptions {
  /**
   * In which order states are looked at. `bfs`, breadth first (default): what is found first is found by a shortest run.
   * `dfs`, depth first: goes deep at once, and few states wait. With a bound on the depth, a state that is first reached by a
   * long run is not looked beyond again when a shorter one reaches it: what lies behind may be missed, and the outcome is
   * `inconclusive`, as it is whenever the bound leaves a step out.
   */
  readonly order?: 'bfs' | 'dfs';
  /**
   * Whether states are left out that differ only in the order of steps that have nothing to do with each other (default): the
   * verdict is the same. Without it the numbers of states and transitions are exact.
   */
  readonly reduction?: boolean;
  /**
   * Bits by which states are told apart: 64 (default), or 128, which cost up to 23 bytes a state more, and time.
   * `statistics.omissionProbability` says what difference it makes.
   */
  readonly fingerprint?: 64 | 128;
}

const NAMES = { order: true, reduction: true, fingerprint: true } satisfies Names<ExhaustiveOptions>;

/**
 * Takes every schedule, and remembers states: each distinct one is looked at once. Without reduction the counts are the same in
 * either order.
 *
 * @throws UsageError when an option is none
 */
export function exhaustive(options: ExhaustiveOptions = {}): Strategy {
  mustBeOptions('the options of exhaustive', options, NAMES);
  const { order = 'bfs', reduction = true, fingerprint = 64 } = options;
  if (order !== 'bfs' && order !== 'dfs')
    throw new UsageError(`the order '${order}' is unknown`, "give 'bfs' or 'dfs'");
  if (fingerprint !== 64 && fingerprint !== 128)
    throw new UsageError(`a fingerprint of ${fingerprint} bits is unknown`, 'give 64 or 128');
  if (typeof reduction !== 'boolean')
    throw new UsageError(`the reduction cannot be ${shown(reduction)}`, 'give true or false');
  return {
    name: exhaustiveName(order, reduction),
    begin: (world, claims, limits) =>
      reduction && !claims.watchesSteps
        ? new ReducedSearch(world, claims, limits, order, fingerprint)
        : new ExhaustiveSearch(world, claims, limits, order, fingerprint),
  };
}
