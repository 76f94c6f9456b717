/** KSSTATE by name; the values are those of rule A-129. */
export const ksStateValues = {
  KSSTATE_STOP: 0,
  KSSTATE_ACQUIRE: 1,
  KSSTATE_PAUSE: 2,
  KSSTATE_RUN: 3,
} as const;

/** The state of a stream: minimum resources, acquiring, ready for instant run, streaming. */
export type KSSTATE = keyof typeof ksStateValues;

export function isKsState(value: unknown): value is KSSTATE {
  return typeof value === 'string' && Object.hasOwn(ksStateValues, value);
}

/** Where SRB_SET_STREAM_STATE may lead from each state (C-051). Staying is no transition: see {@link isLegalStateChange}. */
export const legalStateChanges: Readonly<Record<KSSTATE, readonly KSSTATE[]>> = {
  KSSTATE_STOP: ['KSSTATE_ACQUIRE', 'KSSTATE_PAUSE'],
  KSSTATE_ACQUIRE: ['KSSTATE_PAUSE', 'KSSTATE_STOP'],
  KSSTATE_PAUSE: ['KSSTATE_RUN', 'KSSTATE_ACQUIRE', 'KSSTATE_STOP'],
  KSSTATE_RUN: ['KSSTATE_PAUSE'],
};

/** Whether a stream in one state may be asked to go to another (C-051). */
export function isLegalStateChange(from: KSSTATE, to: KSSTATE): boolean {
  return legalStateChanges[from].includes(to);
}
