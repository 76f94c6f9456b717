/** Kernel streaming: the vocabulary that the actors of the stack speak. The public entry `interlace/streaming`. */
export * from './dataFormat.js';
export * from './frameTime.js';
export * from './irp.js';
export * from './ksState.js';
export * from './messages.js';
export * from './ntStatus.js';
export * from './physicalMemory.js';
export * from './srb.js';
export * from './streamDescriptor.js';
