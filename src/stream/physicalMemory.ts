/** Bytes of a page on 32-bit Windows 2000. */
export const PAGE_SIZE = 4096;

/** Pages of the address space: 64 GiB, which is what 36 address bits reach. */
const PAGES = 2 ** 24;

/** Odd, hence a bijection modulo a power of two; neighbouring pages come to lie this many pages apart, never beside each other. */
const SCATTER = 0x5bd1e5;

/** Where the DMA buffer of a device lies: behind all pages that buffers of clients can have, so it is contiguous (F-007). */
export const DMA_BUFFER_ADDRESS = PAGES * PAGE_SIZE;

/** A contiguous piece of physical memory. */
export interface KSSCATTER_GATHER {
  readonly PhysicalAddress: number;
  readonly Length: number;
}

/**
 * The physical pieces behind a virtual buffer, in order, one for each page that it touches; their lengths add up to `length`
 * (F-008). A fixed permutation of pages stands for the page tables, so that a driver that ignores the list fails.
 *
 * @throws RangeError when the buffer does not lie in the address space
 */
export function scatterGather(virtualAddress: number, length: number): KSSCATTER_GATHER[] {
  const end = virtualAddress + length;
  if (
    !Number.isSafeInteger(virtualAddress) ||
    virtualAddress < 0 ||
    !(length >= 0) ||
    end > PAGES * PAGE_SIZE
  ) {
    throw new RangeError(`a buffer of ${length} bytes at ${virtualAddress} does not fit into 64 GiB`);
  }
  const pieces: KSSCATTER_GATHER[] = [];
  for (let at = virtualAddress; at < end; ) {
    const offset = at % PAGE_SIZE;
    const Length = Math.min(PAGE_SIZE - offset, end - at);
    pieces.push({ PhysicalAddress: physicalPage((at - offset) / PAGE_SIZE) * PAGE_SIZE + offset, Length });
    at += Length;
  }
  return pieces;
}

function physicalPage(virtualPage: number): number {
  return (virtualPage * SCATTER + 1) % PAGES;
}

/** The bytes behind physical addresses; pages exist from the first write on, everything else reads as zero. */
export class PhysicalMemory {
  readonly #pages = new Map<number, Uint8Array>();

  /** How many pages have been written to. */
  get pageCount(): number {
    return this.#pages.size;
  }

  /** What a bus master does: bytes go to consecutive physical addresses, whoever owns the pages. */
  write(physicalAddress: number, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) {
      const offset = (physicalAddress + done) % PAGE_SIZE;
      const part = bytes.subarray(done, done + PAGE_SIZE - offset);
      this.#page((physicalAddress + done - offset) / PAGE_SIZE).set(part, offset);
      done += part.length;
    }
  }

  /** What a bus master does that reads: fills `into` from consecutive physical addresses. */
  read(physicalAddress: number, into: Uint8Array): void {
    for (let done = 0; done < into.length; ) {
      const offset = (physicalAddress + done) % PAGE_SIZE;
      const part = into.subarray(done, done + PAGE_SIZE - offset);
      const page = this.#pages.get((physicalAddress + done - offset) / PAGE_SIZE);
      if (page) part.set(page.subarray(offset, offset + part.length));
      else part.fill(0);
      done += part.length;
    }
  }

  /** What a program does: fills `into` from consecutive virtual addresses. */
  readVirtual(virtualAddress: number, into: Uint8Array): void {
    let done = 0;
    for (const { PhysicalAddress, Length } of scatterGather(virtualAddress, into.length)) {
      const offset = PhysicalAddress % PAGE_SIZE;
      const page = this.#pages.get((PhysicalAddress - offset) / PAGE_SIZE);
      if (page) into.set(page.subarray(offset, offset + Length), done);
      else into.fill(0, done, done + Length);
      done += Length;
    }
  }

  #page(number: number): Uint8Array {
    let page = this.#pages.get(number);
    if (!page) {
      page = new Uint8Array(PAGE_SIZE);
      this.#pages.set(number, page);
    }
    return page;
  }
}
