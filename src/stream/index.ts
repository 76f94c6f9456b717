/** Kernel streaming: the vocabulary that the actors of the stack speak. The public entry `interlace/streaming`. */
export * from './cancelMessages.js';
export * from './dataFormat.js';
export * from './ddi.js';
export { framePeriod100ns, frameTime100ns } from './frames/frameTime.js';
export * from './frameTime.js';
export * from './irp.js';
export * from './ksState.js';
export * from './messages.js';
export { defineMinidriver } from './minidriver.js';
export type { AnyMinidriverRoutine, MinidriverProgram } from './minidriverProgram.js';
export * from './ntStatus.js';
export * from './physicalMemory.js';
export * from './pnpMessages.js';
export * from './srb.js';
export * from './streamDescriptor.js';
export type { StreamOptions, StreamScenario } from './streamScenario.js';
export * from './strmini.js';
export * from './watchdogMessages.js';
