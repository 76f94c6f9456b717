import type { ActorIndex } from './actors.js';
import type { StateReader } from './probes.js';
import { isRunning } from './snapshots.js';
import type { Tables } from './tables.js';

/** The running actor that goes by a system id in a state: a top-level one by its key, a child by what its parent gave it. */
export function holderOf(tables: Tables, systemId: string, state: StateReader): ActorIndex | undefined {
  for (const { index, parent } of tables.actors.carriers(systemId)) {
    const content = state.snapshotAt(index);
    if (content === 0) continue;
    const record = tables.snapshots.get(content);
    if (isRunning(record.status) && (!parent || record.systemId === systemId)) return index;
  }
  return undefined;
}
