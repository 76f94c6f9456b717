/** Milliseconds since some moment, for bounds and statistics; it also runs where user code finds no clock. */
export const now: () => number = performance.now.bind(performance);
