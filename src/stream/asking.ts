import type { StateReader } from '../runtime/probes.js';

/** What a call of a minidriver may ask of the present state: its outcome is remembered with the answers. */
export interface Asking {
  /** @param answer an integer that stands for all that the call learns */
  ask(question: string, answer: (state: StateReader) => number): number;
}
