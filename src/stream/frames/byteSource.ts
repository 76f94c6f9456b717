/**
 * Where the bytes of a clip come from: a file, a pipe, an array. Synchronous, because the engine's core has
 * no promises; the command line and the page supply one each, so that nothing here imports `node:*`.
 *
 * Determinism: the *bytes* must be the same on every run; how they are cut into pieces may differ.
 */
export interface ByteSource {
  /**
   * Fills `into` from its index 0 with at most `into.length` bytes and must not keep a reference to it.
   *
   * @returns how many bytes were read: at least 1, or 0 for the end (after which it is not called again)
   */
  read(into: Uint8Array): number;
  /**
   * Passes over at most `bytes` bytes without reading them; for sources that can do it faster than `read`.
   *
   * @returns how many there were: less than `bytes` only at the end (after which nothing is called again)
   */
  skip?(bytes: number): number;
}
