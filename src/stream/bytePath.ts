import { type Observable, Subject } from 'rxjs';
import { FaultList } from './faultList.js';
import { bookFrame, emptyAccount, type FrameAccount, settledAccount } from './frames/frameAccount.js';
import type { Frame } from './frames/frameSource.js';

/**
 * A way of bytes beside the actors, from the device or to it: what became of its frames. Every frame that enters is captured;
 * it ends delivered or dropped.
 */
export abstract class BytePath {
  readonly #captured = new Subject<Frame>();
  readonly #dropped = new Subject<number>();
  readonly #delivered = new Subject<Frame>();
  readonly #faults = new FaultList();
  #account: FrameAccount = emptyAccount;

  /** Every frame that entered, as the source gave it, also those that are dropped at once. */
  get captured$(): Observable<Frame> {
    return this.#captured.asObservable();
  }

  /** The numbers of the frames that will not come to the other end, when that is certain. */
  get dropped$(): Observable<number> {
    return this.#dropped.asObservable();
  }

  /** Every frame that came to the other end, with the bytes that were found there. */
  get delivered$(): Observable<Frame> {
    return this.#delivered.asObservable();
  }

  /** Captured, delivered, dropped; the difference is on its way. */
  get account(): FrameAccount {
    return this.#account;
  }

  /** What went wrong on the way, in words: the first 10. */
  get faults(): readonly string[] {
    return this.#faults.kept;
  }

  get faultCount(): number {
    return this.#faults.count;
  }

  /** The run is over: what is still on its way is dropped, and the streams complete. */
  end(): void {
    for (const number of this.onTheWay()) this.drop(number);
    settledAccount(this.#account);
    for (const stream of [this.#captured, this.#dropped, this.#delivered]) stream.complete();
  }

  /** The numbers of the frames that have been captured and neither delivered nor dropped, oldest first. */
  protected abstract onTheWay(): readonly number[];

  /** Frees what a frame on its way has kept. */
  protected abstract release(number: number): void;

  protected capture(frame: Frame): void {
    this.#account = bookFrame(this.#account, 'captured');
    this.#captured.next(frame);
  }

  protected drop(number: number): void {
    this.release(number);
    this.#account = bookFrame(this.#account, 'dropped');
    this.#dropped.next(number);
  }

  protected deliver(frame: Frame): void {
    this.release(frame.number);
    this.#account = bookFrame(this.#account, 'delivered');
    this.#delivered.next(frame);
  }

  protected fault(what: string): void {
    this.#faults.add(what);
  }
}
