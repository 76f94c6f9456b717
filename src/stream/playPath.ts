import { present } from '../kernel/invariant.js';
import { UsageError } from '../kernel/usageError.js';
import { BytePath } from './bytePath.js';
import { firstDifference } from './firstDifference.js';
import { bytesPerFrame } from './frames/frameFormat.js';
import { type FrameSource, stampFrame } from './frames/frameSource.js';
import { type PhysicalMemory, scatterGather } from './physicalMemory.js';
import type { PlayEvent } from './playEvents.js';

/** A frame that the client has written and that has not been presented, as the source gave it. */
interface Written {
  readonly parameters: string;
  readonly data: Uint8Array;
}

/**
 * The way of the bytes of one stream *to* a device, beside the actors: source → the client's buffer → DMA → FIFO → presented. The
 * counterpart of `FramePath`.
 *
 * Walk through {@link take}: a written frame is pulled from the source and put into memory, page by page, where the client says
 * that its buffer is; a fetch reads memory element by element into a sample, whatever is there by then; a presented sample is
 * compared with the frame whose turn it is, and *what was fetched* is handed on. Nothing else moves bytes, so a DMA with a wrong
 * address, length or order, and a buffer that is given back too early, show as wrong bytes.
 *
 * Memory: the frames that are on their way. `frame.data` is good only until the subscriber returns: copy what must stay.
 */
export class PlayPath extends BytePath {
  readonly #stream: string;
  readonly #source: FrameSource;
  readonly #memory: PhysicalMemory;
  readonly #sizeBytes: number;
  /** By frame number, oldest first. */
  readonly #written = new Map<number, Written>();
  /** What was fetched, by sample number. */
  readonly #fetched = new Map<number, Uint8Array>();
  #missing = 0;

  /** @param stream the name by which events speak of this stream */
  constructor(stream: string, source: FrameSource, memory: PhysicalMemory) {
    super();
    this.#stream = stream;
    this.#source = source;
    this.#memory = memory;
    this.#sizeBytes = bytesPerFrame(source.format);
  }

  /** Periods in which the device had nothing to present. */
  get missing(): number {
    return this.#missing;
  }

  /**
   * Moves the bytes of which an event speaks, if it speaks of this stream.
   *
   * @throws UsageError when the client writes what cannot come next; what the source throws passes through
   */
  take(event: PlayEvent): void {
    if (event.stream !== this.#stream) return;
    switch (event.type) {
      case 'FrameWritten':
        return this.#write(event.frame, event.address);
      case 'SampleFetched':
        return this.#fetch(event);
      case 'SamplePresented':
        return this.#present(event.sample);
      case 'SampleMissing':
        this.#missing++;
    }
  }

  protected onTheWay(): readonly number[] {
    return [...this.#written.keys()];
  }

  protected release(number: number): void {
    this.#written.delete(number);
  }

  #write(number: number, address: number): void {
    const expected = this.account.captured;
    const data = new Uint8Array(this.#sizeBytes);
    const parameters = number === expected ? this.#source.readInto(data) : undefined;
    if (parameters === undefined) {
      throw new UsageError(
        `the client wrote frame ${number} of stream '${this.#stream}', and ${expected} were written before`,
        'write each frame once, in order, from 0, and no more than there are',
      );
    }
    this.#written.set(number, { parameters, data });
    let done = 0;
    for (const { PhysicalAddress, Length } of scatterGather(address, data.length)) {
      this.#memory.write(PhysicalAddress, data.subarray(done, done + Length));
      done += Length;
    }
    this.capture(stampFrame(this.#source.format, number, { parameters, data }));
  }

  #fetch({ sample, elements }: Extract<PlayEvent, { type: 'SampleFetched' }>): void {
    const bytes = new Uint8Array(elements.reduce((sum, { Length }) => sum + Length, 0));
    let done = 0;
    for (const { PhysicalAddress, Length } of elements) {
      this.#memory.read(PhysicalAddress, bytes.subarray(done, done + Length));
      done += Length;
    }
    this.#fetched.set(sample, bytes);
  }

  /** Frames are presented in the order in which they were written (F-017), so it is known which one it should be. */
  #present(sample: number): void {
    const bytes = present(this.#fetched.get(sample), `sample ${sample} was fetched`);
    this.#fetched.delete(sample);
    const number = this.account.delivered;
    const written = this.#written.get(number);
    if (!written) return this.fault(`sample ${sample} was presented, and every frame had been before`);
    this.#compare(number, written.data, bytes);
    const { parameters } = written;
    const data = bytes.length === this.#sizeBytes ? bytes : padded(bytes, this.#sizeBytes);
    this.deliver(stampFrame(this.#source.format, number, { parameters, data }));
  }

  #compare(number: number, written: Uint8Array, bytes: Uint8Array): void {
    if (bytes.length !== written.length) {
      this.fault(`frame ${number} was presented with ${bytes.length} bytes, it has ${written.length}`);
      return;
    }
    const at = firstDifference(written, bytes);
    if (at === undefined) return;
    this.fault(
      `frame ${number} was presented damaged: byte ${at} is ${bytes[at]}, the source has ${written[at]}`,
    );
  }
}

/** A frame always has its size: what was not fetched is zero, what was too much is cut. */
function padded(bytes: Uint8Array, sizeBytes: number): Uint8Array {
  const data = new Uint8Array(sizeBytes);
  data.set(bytes.subarray(0, sizeBytes));
  return data;
}
