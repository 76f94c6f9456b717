/** A state of the whole world: one integer per slot, and the fingerprint of its content. */
export interface State {
  /** Never written to after the state was made. */
  readonly cells: Int32Array;
  /** 128 bits that depend on the content alone: equal in every process; the first two words are the 64-bit fingerprint. */
  readonly fingerprint: readonly [number, number, number, number];
}
