import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ExampleSystem, exampleScenarios, exampleSystems } from '../../examples/index.js';
import { type PublishedCount, publishedCounts } from '../../examples/publishedCounts.js';
import type { StreamScenario } from '../stream/streamScenario.js';

/** What `interlace` can run by name. */
export interface Catalog {
  /** Systems that carry frames. */
  readonly scenarios: readonly StreamScenario[];
  readonly systems: readonly ExampleSystem[];
  /** What a check of a system is known to find, by the system's name. */
  readonly published: Readonly<Record<string, PublishedCount>>;
}

/** What comes with the package. */
export const bundled: Catalog = {
  scenarios: exampleScenarios,
  systems: exampleSystems,
  published: publishedCounts,
};

/** The clip that a scenario plays without `--frames`. */
export function bundledClip(): string {
  return join(packageFolder(), 'examples', 'clips', 'camera.y4m');
}

/** The folder of this package, from its sources as from what was built of them. */
export function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
}
