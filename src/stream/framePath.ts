import { present } from '../kernel/invariant.js';
import { UsageError } from '../kernel/usageError.js';
import { BytePath } from './bytePath.js';
import { firstDifference } from './firstDifference.js';
import type { FrameEvent } from './frameEvents.js';
import { bytesPerFrame } from './frames/frameFormat.js';
import { type FrameSource, type SourceFrame, stampFrame } from './frames/frameSource.js';
import { frameNumberNear, frameTime100ns } from './frames/frameTime.js';
import { PRESENTATION_TIME_OFFSET } from './irp.js';
import { PhysicalMemory } from './physicalMemory.js';

/** A frame that was captured and has not arrived: the source's bytes, for the DMA and for the comparison. */
interface Held {
  readonly parameters: string;
  readonly data: Uint8Array;
}

/** Later times are beyond what numbers count exactly. */
const TIME_MAX = 2 ** 52;

/**
 * The way of the bytes, beside the actors: source → FIFO → DMA → memory → what the client finds in its buffer. It does what the
 * actors say in {@link FrameEvent}s, right or wrong, and compares what arrives with what the source gave under that number.
 *
 * Walk through {@link take}: a captured frame is pulled from the source and held; a dropped one is pulled and forgotten; a DMA
 * writes a held frame into physical memory, element by element, and its time; a delivery reads the client's buffer through its
 * virtual address, finds out by the time stamp which frame that should be, compares, and hands on *what was read*. Nothing else moves bytes.
 *
 * Memory: the frames that are on their way, one frame more for the client, and the pages that were written. Arrays are used
 * again, so `frame.data` is good only until the subscriber returns: copy what must stay.
 */
export class FramePath extends BytePath {
  readonly #source: FrameSource;
  readonly #memory = new PhysicalMemory();
  readonly #sizeBytes: number;
  /** By number, oldest first. */
  readonly #held = new Map<number, Held>();
  /** The numbers of the frames in the FIFO, by slot. */
  readonly #inFifo = new Map<number, number>();
  /** Which frame was last written to a buffer, by where the buffer begins. */
  readonly #inBuffer = new Map<number, number>();
  readonly #unused: Uint8Array[] = [];
  readonly #read: Uint8Array;
  readonly #time = new DataView(new ArrayBuffer(8));
  #lastDelivered = -1;

  constructor(source: FrameSource) {
    super();
    this.#source = source;
    this.#sizeBytes = bytesPerFrame(source.format);
    this.#read = new Uint8Array(this.#sizeBytes);
  }

  /**
   * Moves the bytes of which an event speaks.
   *
   * @throws UsageError when the hardware captures what cannot come next; what the source throws passes through
   */
  take(event: FrameEvent): void {
    switch (event.type) {
      case 'FrameCaptured':
        return this.#fillSlot(event.slot, this.#pull());
      case 'FrameDropped':
        return this.drop(this.#pull());
      case 'DmaTransfer':
        return this.#transfer(event);
      case 'FrameDelivered':
        return this.#deliver(event);
    }
  }

  protected onTheWay(): readonly number[] {
    return [...this.#held.keys()];
  }

  protected release(number: number): void {
    const { data } = present(this.#held.get(number), `frame ${number} is on its way`);
    this.#unused.push(data);
    this.#held.delete(number);
  }

  /** Takes the next frame from the source. */
  #pull(): number {
    const number = this.account.captured;
    const data = this.#unused.pop() ?? new Uint8Array(this.#sizeBytes);
    const parameters = this.#source.readInto(data);
    if (parameters === undefined) {
      throw new UsageError(
        `the hardware captured frame ${number}, and the source has only ${number}`,
        'let the hardware stop after the number of frames in its options',
      );
    }
    this.#held.set(number, { parameters, data });
    this.capture(stampFrame(this.#source.format, number, { parameters, data }));
    return number;
  }

  /** Whoever was in that slot of the FIFO, and was not transferred, was flushed. */
  #fillSlot(slot: number, number: number): void {
    const before = this.#inFifo.get(slot);
    if (before !== undefined && this.#held.has(before)) this.drop(before);
    this.#inFifo.set(slot, number);
  }

  #transfer({ slot, timeAddress, elements }: Extract<FrameEvent, { type: 'DmaTransfer' }>): void {
    const number = this.#inFifo.get(slot);
    const held = number === undefined ? undefined : this.#held.get(number);
    if (number === undefined || !held) {
      this.fault(`slot ${slot} of the FIFO was transferred, and no frame is in it`);
      return;
    }
    this.#inFifo.delete(slot);
    this.#overwrite(elements[0]?.PhysicalAddress, number);
    this.#time.setBigUint64(0, BigInt(frameTime100ns(this.#source.format.frameRate, number)), true);
    this.#memory.write(timeAddress, new Uint8Array(this.#time.buffer));
    let done = 0;
    for (const { PhysicalAddress, Length } of elements) {
      const piece = held.data.subarray(done, done + Length);
      this.#memory.write(PhysicalAddress, piece);
      done += piece.length;
    }
  }

  /** Whoever was in that buffer and has not been delivered is gone. */
  #overwrite(bufferStart: number | undefined, frame: number): void {
    if (bufferStart === undefined) return;
    const before = this.#inBuffer.get(bufferStart);
    if (before !== undefined && this.#held.has(before)) this.drop(before);
    this.#inBuffer.set(bufferStart, frame);
  }

  #deliver(event: Extract<FrameEvent, { type: 'FrameDelivered' }>): void {
    const { address, bytes } = event;
    const presentationTime = event.presentationTime ?? this.#timeIn(event.header);
    const number =
      presentationTime > TIME_MAX
        ? Number.POSITIVE_INFINITY
        : frameNumberNear(this.#source.format.frameRate, presentationTime);
    const held = this.#held.get(number);
    if (held === undefined) return this.fault(this.#whyUnexpected(number, presentationTime));
    if (bytes !== this.#sizeBytes) {
      this.drop(number);
      return this.fault(`frame ${number} arrived with ${bytes} bytes, it has ${this.#sizeBytes}`);
    }
    try {
      this.#memory.readVirtual(address, this.#read);
    } catch (error) {
      this.drop(number);
      if (!(error instanceof RangeError)) throw error;
      return this.fault(`frame ${number} arrived nowhere: ${error.message}`);
    }
    const damage = firstDifference(held.data, this.#read);
    if (damage !== undefined) {
      const [is, was] = [this.#read[damage], held.data[damage]];
      this.fault(`frame ${number} arrived damaged: byte ${damage} is ${is}, the source has ${was}`);
    }
    // Frames arrive in order, so those before this one will not; if one does all the same, that is a fault of its own.
    for (const earlier of this.#held.keys()) {
      if (earlier >= number) break;
      this.drop(earlier);
    }
    const arrived: SourceFrame = { parameters: held.parameters, data: this.#read };
    this.#lastDelivered = number;
    this.deliver({ number, timeStamp100ns: presentationTime, ...arrived });
  }

  /** The time that a device has written into a header. */
  #timeIn(header: number): number {
    this.#memory.readVirtual(header + PRESENTATION_TIME_OFFSET, new Uint8Array(this.#time.buffer));
    return Number(this.#time.getBigUint64(0, true));
  }

  #whyUnexpected(number: number, presentationTime: number): string {
    const which = `the frame with the time stamp ${presentationTime} (number ${number})`;
    if (number >= this.account.captured) return `${which} arrived before it was captured`;
    if (number === this.#lastDelivered) return `${which} arrived twice`;
    if (number < this.#lastDelivered) return `${which} arrived after frame ${this.#lastDelivered}`;
    return `${which} arrived, and had been dropped`;
  }
}
