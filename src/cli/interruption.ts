/** Exit codes of a process that was asked to stop, by signal. */
const codes = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Turns Ctrl-C (and `kill`) into an abort signal whose `reason` is the exit code; a second one ends the process at once.
 *
 * @returns the signal, and `release`, which gives Ctrl-C its usual meaning again
 */
export function onInterruption(): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const listeners = Object.entries(codes).map(([name, code]) => {
    const listener = (): void => {
      if (controller.signal.aborted) process.exit(code);
      controller.abort(code);
    };
    process.on(name, listener);
    return { name, listener };
  });
  return {
    signal: controller.signal,
    release() {
      for (const { name, listener } of listeners) process.off(name, listener);
    },
  };
}
