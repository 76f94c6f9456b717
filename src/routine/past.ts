import { type LogEntry, requestText } from './log.js';

/** The log of an execution: first read from the start, entry by entry, then appended to. */
export class Past {
  readonly entries: LogEntry[];
  #position = 0;

  constructor(log: readonly LogEntry[]) {
    this.entries = [...log];
  }

  /** Whether all of it was read. */
  get isOver(): boolean {
    return this.#position === this.entries.length;
  }

  /** Reads the next entry if it is what the code asks for now; the code that wrote the log asks the same again. */
  next(request: string): LogEntry | undefined {
    const entry = this.entries[this.#position];
    if (entry === undefined || requestText(entry) !== request) return undefined;
    this.#position++;
    return entry;
  }

  /** What the log has where the code differs. */
  expected(): string {
    const entry = this.entries[this.#position];
    return entry ? `it ${requestText(entry)}` : 'it did nothing more before its next point';
  }

  append(entry: LogEntry): void {
    this.entries.push(entry);
    this.#position = this.entries.length;
  }

  /** Puts the finished entry in the place of one that was appended when it began. */
  complete(begun: LogEntry, finished: LogEntry): void {
    this.entries[this.entries.lastIndexOf(begun)] = finished;
  }
}
