import { UsageError } from '../kernel/usageError.js';
import type { StreamOptions } from '../stream/streamScenario.js';
import type { Edge } from './edge.js';
import { loadUserFile, type UserFile } from './userFile.js';

/** What a scenario is checked with: small enough to take every schedule, and everything that a run does happens. */
const small: StreamOptions = {
  frames: 2,
  frameRate: { num: 25, den: 1 },
  frameBytes: 4608,
  buffers: 2,
  clientDelayMs: 0,
};

/**
 * Finds what is to be checked.
 *
 * @throws UsageError when there is none of that name, or the file does not give a system
 */
export async function findChecked(
  name: string,
  isFile: boolean,
  { catalog, signal }: Edge,
): Promise<UserFile> {
  if (isFile) return loadUserFile(name, signal);
  const entry = catalog.systems.find((system) => system.name === name);
  if (entry) return entry;
  const scenario = catalog.scenarios.find((one) => one.name === name);
  // A run is played on a fast machine; a check lets timers fire at any point, deadlines in order.
  if (scenario) {
    const { properties = [] } = scenario;
    return { system: { ...scenario.system(small), timers: 'ordered' }, properties };
  }
  throw new UsageError(
    `there is no system or scenario '${name}'`,
    'run `interlace list` to see them all, or give a file such as ./system.ts',
  );
}
