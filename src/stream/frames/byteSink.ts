/**
 * Where bytes go. What was written counts only once {@link close} has returned: a sink for files writes
 * beside its target and renames in `close`, so a run that fails leaves no half-written output and an older
 * file survives.
 */
export interface ByteSink {
  /** Takes all of `bytes`; the caller may reuse the array as soon as this returns. */
  write(bytes: Uint8Array): void;
  /** The output is complete: make it visible. */
  close(): void;
  /**
   * The output will never be complete: release what is held and remove what was written. Called at most once,
   * never after a `close` that has returned; must not throw.
   */
  discard?(): void;
}
