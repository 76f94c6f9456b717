import { present } from '../../kernel/invariant.js';
import type { ActorIndex } from '../../runtime/actors.js';
import type { MessageId } from '../../runtime/messages.js';
import { PairMap } from '../../runtime/pairMap.js';

/** A process goes by the slot that holds its local state: an actor's snapshot, or a thread. */
export type Process = number;

export const NOBODY: Process = -1;

/** The number of a reason in {@link Reasons}. */
export type Reason = number;

/** A process moves of its own accord: a timer, an offer, a thread. */
export const OWN_ACCORD: Reason = 0;

interface Known {
  /** Whose deed it is that moves the process; {@link NOBODY}: it steps itself. */
  readonly doer: Process;
  /** The message that has to be there; {@link OWN_ACCORD}: none. */
  readonly message: Reason;
  /** Of a message, who was seen to send it. */
  readonly senders: Process[];
}

/** Why processes move: for a message, of their own accord, or because another one that moves does something to them. */
export class Reasons {
  readonly #all: Known[] = [{ doer: NOBODY, message: OWN_ACCORD, senders: [] }];
  readonly #messages = new PairMap();
  readonly #deeds = new PairMap();

  get size(): number {
    return this.#all.length;
  }

  /** An actor takes a message. */
  message(actor: ActorIndex, message: MessageId): Reason {
    return numberOf(this.#messages, actor, message, () => {
      const number = this.#all.length;
      this.#all.push({ doer: NOBODY, message: number, senders: [] });
      return number;
    });
  }

  /** A process, stepping for a reason, does something to another one. */
  deed(doer: Process, reason: Reason): Reason {
    return numberOf(
      this.#deeds,
      doer,
      reason,
      () => this.#all.push({ doer, message: reason, senders: [] }) - 1,
    );
  }

  /** Notes who sends a message. */
  sends(process: Process, message: Reason): void {
    const { senders } = this.#at(message);
    if (!senders.includes(process)) senders.push(process);
  }

  /** The message without which a process does not move for a reason; {@link OWN_ACCORD} when it needs none. */
  messageOf(reason: Reason): Reason {
    return this.#at(reason).message;
  }

  /**
   * Whether it can come to be although a process does not step. The message for which another one does something may wait already,
   * whoever has sent it.
   */
  isPossible(reason: Reason, without: Process): boolean {
    if (without === NOBODY || reason === OWN_ACCORD) return true;
    const { doer, senders } = this.#at(reason);
    return doer === NOBODY ? senders.some((sender) => sender !== without) : doer !== without;
  }

  /** By reason, whether it {@link isPossible} without a process. */
  possibleWithout(process: Process): readonly boolean[] {
    return this.#all.map((_, reason) => this.isPossible(reason, process));
  }

  #at(reason: Reason): Known {
    return present(this.#all[reason], `there is a reason number ${reason}`);
  }
}

function numberOf(numbers: PairMap, first: number, second: number, add: () => number): number {
  let number = numbers.get(first, second);
  if (number === -1) {
    number = add();
    numbers.set(first, second, number);
  }
  return number;
}
