import { type HeapObject, isHeapObject, type MemoryValue } from '../routine/heapObject.js';
import type { Memory } from '../routine/memory.js';
import type { HostState } from '../runtime/host.js';
import type { StateReader } from '../runtime/probes.js';
import type { Asking } from './asking.js';
import { DISPATCH_LEVEL } from './callbackContext.js';
import { cellOf } from './deviceMemory.js';

const HOLDER = 'Holder';
const OLD_IRQL = 'OldIrql';

/** A callback that may ask for locks. */
export interface LockUser {
  /** Of its activation. */
  readonly name: string;
  /** The level at which it was called (table D.2). */
  readonly level: number;
}

/**
 * The executive spin locks of a minidriver (D.8): they lie in its memory, where each says who holds it. Who asks for one that is
 * held has no step until it is free: it spins, and keeps its processor. Who holds one is at DISPATCH_LEVEL at least, so that on its
 * processor only an interrupt comes in between (D-071).
 */
export class SpinLocks {
  readonly #memory: Memory;
  readonly #isOff: boolean;
  /** Those that were ever asked for. */
  readonly #locks = new Set<HeapObject>();

  /** @param isOff whether completions complete IRPs at once (D-033) */
  constructor(memory: Memory, isOff: boolean) {
    this.#memory = memory;
    this.#isOff = isOff;
  }

  /** Whether somebody who asks for a lock cannot go on: another one holds it. */
  isSpinning(lock: MemoryValue, { name }: LockUser, state: StateReader): boolean {
    const holder = isHeapObject(lock) ? this.#holder(lock, state) : undefined;
    return typeof holder === 'string' && holder !== name;
  }

  /** The level at which a callback runs now. */
  levelOf(user: LockUser, state: StateReader): number {
    return this.#held(user, state).length === 0 ? user.level : Math.max(user.level, DISPATCH_LEVEL);
  }

  /** What is wrong with the return of a callback, in words. */
  misreturn(user: LockUser, state: StateReader): string | undefined {
    const [lock] = this.#held(user, state);
    return lock && `${user.name} returned with the spin lock ${lock.name} held (D-075, INV-106)`;
  }

  /** What is wrong with a call, in words; asked, so that it can be memoised. */
  misuse(service: string, args: readonly MemoryValue[], user: LockUser, asking: Asking): string | undefined {
    const [lock, NewIrql] = args;
    switch (service) {
      case 'KeInitializeSpinLock':
      case 'KeAcquireSpinLock':
      case 'KeReleaseSpinLock': {
        if (!isHeapObject(lock)) return `${service} was called without a KSPIN_LOCK of device memory`;
        const question = `${service} of ${lock.name} at ${String(NewIrql)} by ${user.name}`;
        const fault = this.#asked(asking, question, (state) =>
          this.#fault(service, lock, NewIrql, user, state),
        );
        return fault === '' ? undefined : `${service} was called for ${lock.name}, ${fault}`;
      }
      default: {
        const completes =
          /RequestComplete$/.test(String(args[0])) || /^StreamClassCompleteRequest/.test(service);
        if (!this.#isOff || !completes) return undefined;
        const held = this.#asked(
          asking,
          `locks of ${user.name}`,
          (state) => this.#held(user, state)[0]?.name ?? '',
        );
        return held === ''
          ? undefined
          : `${service} was called with the spin lock ${held} held: the IRP is completed inside of the call (A-016, INV-110)`;
      }
    }
  }

  /** KeAcquireSpinLock and KeGetCurrentIrql give the present level. */
  level(user: LockUser, asking: Asking): MemoryValue {
    return asking.ask(`level of ${user.name}`, (state) => this.levelOf(user, state));
  }

  /** Carries a call out. */
  carryOut(service: string, [lock]: readonly MemoryValue[], user: LockUser, state: HostState): void {
    if (!isHeapObject(lock)) return;
    const isTaken = service === 'KeAcquireSpinLock';
    const { cells } = this.#memory.content(state.valueAt(lock.slot));
    const own = new Map([...cells, [HOLDER, isTaken ? user.name : null]]);
    if (isTaken) own.set(OLD_IRQL, this.levelOf(user, state));
    else own.delete(OLD_IRQL);
    state.set(lock.slot, this.#memory.intern(lock, own).id);
    this.#locks.add(lock);
  }

  /** What is wrong with a call for a lock; empty when nothing is. */
  #fault(
    service: string,
    lock: HeapObject,
    NewIrql: MemoryValue,
    user: LockUser,
    state: StateReader,
  ): string {
    const holder = this.#holder(lock, state);
    if (service === 'KeInitializeSpinLock') return typeof holder === 'string' ? `which ${holder} holds` : '';
    if (holder === undefined) return 'which KeInitializeSpinLock has not been called for';
    const isMine = holder === user.name;
    if (service === 'KeAcquireSpinLock')
      return isMine ? 'which it holds: it would wait for itself (D-075, D-079, INV-078)' : '';
    if (!isMine) return 'which it does not hold (D-075, INV-106)';
    const OldIrql = cellOf(lock, OLD_IRQL, this.#memory, state);
    if (NewIrql !== OldIrql)
      return `with the level ${String(NewIrql)}; it was raised from ${String(OldIrql)} (D-075, INV-106)`;
    const other = this.#held(user, state).find((held) => held !== lock);
    return other && Number(NewIrql) < DISPATCH_LEVEL
      ? `which lowers the level while it holds ${other.name}: release the last one first (D-075)`
      : '';
  }

  #held({ name }: LockUser, state: StateReader): HeapObject[] {
    return [...this.#locks].filter((lock) => this.#holder(lock, state) === name);
  }

  #holder(lock: HeapObject, state: StateReader): MemoryValue {
    return cellOf(lock, HOLDER, this.#memory, state);
  }

  #asked(asking: Asking, question: string, text: (state: StateReader) => string): MemoryValue {
    return this.#memory.value(asking.ask(question, (state) => this.#memory.valueNumber(text(state))));
  }
}
