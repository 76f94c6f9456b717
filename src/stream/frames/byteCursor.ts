import { UsageError } from '../../kernel/usageError.js';
import type { ByteSource } from './byteSource.js';
import { latin1Text } from './latin1.js';

const newline = 0x0a;
const bufferBytes = 1 << 16;

/** A line and what ended it: its newline (consumed, not in `text`), the end of the source, or the limit. */
export interface Line {
  readonly text: string;
  readonly endedBy: 'newline' | 'end' | 'limit';
}

/**
 * Reads lines and blocks from a {@link ByteSource} however it cuts its bytes into pieces, and knows the byte
 * offset.
 *
 * Memory: one buffer of 64 KiB for the whole life. Blocks of at least that size go from the source straight
 * into the caller's memory.
 */
export class ByteCursor {
  readonly #source: ByteSource;
  readonly #buffer = new Uint8Array(bufferBytes);
  #start = 0;
  #end = 0;
  #sourceEnded = false;
  #offsetBytes = 0;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** How many bytes have been consumed: the offset of the next one. */
  get offsetBytes(): number {
    return this.#offsetBytes;
  }

  /**
   * Consumes a line of at most `bytesMax` bytes and its newline.
   *
   * @returns `undefined` when nothing is left. On `endedBy: 'limit'` exactly `bytesMax` bytes are consumed
   *   and the
   *   next byte is no newline
   */
  readLine(bytesMax: number): Line | undefined {
    let text = '';
    while (text.length <= bytesMax) {
      if (!this.#refill()) return text === '' ? undefined : { text, endedBy: 'end' };
      const stop = Math.min(this.#end, this.#start + bytesMax - text.length + 1);
      const piece = this.#buffer.subarray(this.#start, stop);
      const found = piece.indexOf(newline);
      if (found >= 0) {
        text += latin1Text(piece.subarray(0, found));
        this.#consume(found + 1);
        return { text, endedBy: 'newline' };
      }
      const taken = Math.min(piece.length, bytesMax - text.length);
      text += latin1Text(piece.subarray(0, taken));
      this.#consume(taken);
      if (taken < piece.length) break;
    }
    return { text, endedBy: 'limit' };
  }

  /**
   * Fills `target` with the next bytes.
   *
   * @returns how many were there: less than `target.length` only at the end of the source
   */
  readInto(target: Uint8Array): number {
    let done = 0;
    while (done < target.length) {
      const missing = target.length - done;
      if (this.#start === this.#end && missing >= bufferBytes) {
        const count = this.#pull(target.subarray(done));
        if (count === 0) break;
        this.#offsetBytes += count;
        done += count;
      } else {
        if (!this.#refill()) break;
        const count = Math.min(missing, this.#end - this.#start);
        target.set(this.#buffer.subarray(this.#start, this.#start + count), done);
        this.#consume(count);
        done += count;
      }
    }
    return done;
  }

  /**
   * Passes over the next bytes, without reading them where the source can do that.
   *
   * @returns how many were there: less than `bytes` only at the end of the source
   */
  skip(bytes: number): number {
    let done = 0;
    while (done < bytes) {
      const missing = bytes - done;
      if (this.#start === this.#end && this.#source.skip !== undefined) {
        const count = this.#sourceEnded ? 0 : this.#source.skip(missing);
        requireCount(count, missing, 'skipped');
        this.#sourceEnded = count < missing;
        this.#offsetBytes += count;
        return done + count;
      }
      if (!this.#refill()) break;
      const count = Math.min(missing, this.#end - this.#start);
      this.#consume(count);
      done += count;
    }
    return done;
  }

  #consume(count: number): void {
    this.#start += count;
    this.#offsetBytes += count;
  }

  /** Makes sure that the buffer holds a byte; false at the end of the source. */
  #refill(): boolean {
    if (this.#start < this.#end) return true;
    this.#start = 0;
    this.#end = this.#pull(this.#buffer);
    return this.#end > 0;
  }

  #pull(into: Uint8Array): number {
    if (this.#sourceEnded) return 0;
    const count = this.#source.read(into);
    requireCount(count, into.length, 'read');
    this.#sourceEnded = count === 0;
    return count;
  }
}

function requireCount(count: number, wantedBytes: number, done: 'read' | 'skipped'): void {
  if (Number.isInteger(count) && count >= 0 && count <= wantedBytes) return;
  throw new UsageError(
    `a byte source returned ${count} for a buffer of ${wantedBytes} bytes`,
    `return how many bytes it has ${done}, and 0 at the end`,
  );
}
