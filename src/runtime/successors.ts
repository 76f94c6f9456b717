/**
 * The successors of states, as a search makes them by the thousand: what they are is not written down, only what tells them
 * apart and how to make those that turn out to be new.
 */
export class Successors {
  /** How many there may be. */
  readonly capacity: number;
  count = 0;
  /** The two words of the fingerprint. */
  readonly first: Int32Array;
  readonly second: Int32Array;
  /** The other two words, where states are told apart by four. */
  readonly third: Int32Array;
  readonly fourth: Int32Array;
  /** The choice that leads there. */
  readonly choice: Int32Array;
  /** Where the state lies from which it leads there. */
  readonly parent: Int32Array;
  /** Where in the log of changes those of this step begin and end. */
  readonly changesStart: Int32Array;
  readonly changesEnd: Int32Array;

  constructor(capacity: number, bits: 64 | 128 = 64) {
    this.capacity = capacity;
    this.first = new Int32Array(capacity);
    this.second = new Int32Array(capacity);
    this.third = new Int32Array(bits === 128 ? capacity : 0);
    this.fourth = new Int32Array(bits === 128 ? capacity : 0);
    this.choice = new Int32Array(capacity);
    this.parent = new Int32Array(capacity);
    this.changesStart = new Int32Array(capacity);
    this.changesEnd = new Int32Array(capacity);
  }
}
