import { UsageError } from '../kernel/usageError.js';
import { type HostedLogic, hosting } from '../runtime/host.js';
import { MinidriverHost } from './minidriverHost.js';
import { type MinidriverProgram, registeredRoutines } from './minidriverProgram.js';

const GENERATOR = Object.getPrototypeOf(function* () {
  // only its class is of interest
});

/** A minidriver, as a system takes it. */
export type Minidriver = HostedLogic;

/**
 * A minidriver as an actor logic: its callbacks are generator functions with the DDK's names and arguments, and everything that
 * they share lies in device memory (architecture 5.2).
 *
 * @param program `registration` is what it registers with; `routines` names every other function that it stores in a structure,
 *   such as `ReceiveDataPacket` in a stream object
 * @param processors how many processors its callbacks run on (D.8); without it, as many as there are callbacks
 * @throws UsageError when a callback is no generator function, or a size is no number of bytes
 */
export function defineMinidriver(program: MinidriverProgram, processors?: number): Minidriver {
  if (processors !== undefined && !(Number.isInteger(processors) && processors > 0)) {
    throw new UsageError(`${processors} is no number of processors`, 'give a whole number above 0');
  }
  const { DmaBufferSize = 0, PerRequestExtensionSize = 0 } = program.registration;
  for (const [member, size] of Object.entries({ DmaBufferSize, PerRequestExtensionSize })) {
    if (Number.isSafeInteger(size) && size >= 0) continue;
    throw new UsageError(
      `the minidriver '${program.name}' has a ${member} of ${size}`,
      'give a whole number of bytes, or leave it out',
    );
  }
  for (const [name, routine] of [...Object.entries(program.routines), ...registeredRoutines(program)]) {
    if (Object.getPrototypeOf(routine) === GENERATOR) continue;
    throw new UsageError(
      `${name} of the minidriver '${program.name}' is no generator function`,
      `write function* ${name}(srb) { … }`,
    );
  }
  return { [hosting]: (site) => new MinidriverHost(site, program, processors) };
}
