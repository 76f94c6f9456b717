import type { EventObject, Snapshot } from 'xstate';
import { present } from '../kernel/invariant.js';
import type { InternedValue } from '../kernel/valueStore.js';
import type { ActorIndex, ActorPlace } from './actors.js';
import { type ContentId, type Contents, Fact, slotHash, Trait } from './contents.js';
import { isHosted } from './host.js';
import type { Logic } from './logic.js';
import type { Mentioners } from './mentioners.js';
import type { MessageId } from './messages.js';

/** The life of an actor as its snapshot tells it. `unstarted`: it exists, its mailbox is open, and it has not run yet. */
export type ActorStatus = 'unstarted' | 'active' | 'done' | 'error';

/** The snapshot of one actor: everything that its next step depends on, apart from its mailbox and what it reads elsewhere. */
export interface SnapshotRecord {
  readonly id: ContentId;
  readonly place: ActorPlace;
  readonly logic: Logic;
  readonly status: ActorStatus;
  /** XState's snapshot, with canonical context and refs. Of an unstarted actor there is none yet. */
  readonly snapshot: Snapshot<unknown> | undefined;
  /** What an unstarted actor will be started with. */
  readonly input: InternedValue | undefined;
  /** The name under which `system.get` finds it, beside or instead of its address. */
  readonly systemId: string | undefined;
  /** Addresses listed in the snapshot's `children`. */
  readonly children: readonly ActorIndex[];
  /** Every address that the content mentions. */
  readonly mentions: readonly ActorIndex[];
  /** Values in it that JavaScript cannot freeze and that must be looked at after they were handed out. */
  readonly unfreezable: readonly InternedValue[];
  /** What the environment may do to the actor in this state (architecture 4.1, offers). */
  readonly offers: readonly Offer[];
  /** Whether nothing more is expected of the actor here: it has ended, has no states, or is in a state tagged `idle`. */
  readonly idle: boolean;
}

/** An event that a state declares in `meta.offers`. */
export interface Offer {
  /** Identifies its budget among those of the actor's address: state and place in the list. */
  readonly key: string;
  readonly event: EventObject;
  readonly message: MessageId;
  /** The budget; `undefined` means without limit. */
  readonly times: number | undefined;
  /** Whether the environment does it sooner or later. */
  readonly expected: boolean;
}

/** All distinct snapshots, each the content of one actor's snapshot slot. */
export class Snapshots {
  /** The {@link Trait}s that any snapshot has. */
  traits = 0;
  readonly #contents: Contents;
  readonly #mentioners: Mentioners;
  readonly #all: SnapshotRecord[] = [];
  readonly #byText = new Map<string, SnapshotRecord>();
  readonly #byActor = new Map<ActorIndex, ContentId[]>();

  constructor(contents: Contents, mentioners: Mentioners) {
    this.#contents = contents;
    this.#mentioners = mentioners;
  }

  get(id: ContentId): SnapshotRecord {
    return present(this.#all[this.#contents.fact(id, Fact.number)], `content ${id} is a snapshot`);
  }

  /** All that one actor has had so far. */
  of(actor: ActorIndex): readonly ContentId[] {
    return this.#byActor.get(actor) ?? [];
  }

  /** @param text canonical text of all that is in the record; two records of one actor with equal text are one */
  intern(place: ActorPlace, text: string, make: (id: ContentId) => SnapshotRecord): SnapshotRecord {
    const key = `${place.index}:${text}`;
    let record = this.#byText.get(key);
    if (!record) {
      const words = slotHash('snapshot', place.address).text(text).words();
      record = make(this.#contents.add(words, this.#all.length));
      const traits = traitsOf(record);
      this.#contents.setFact(record.id, Fact.traits, traits);
      this.traits |= traits;
      this.#byText.set(key, record);
      this.#all.push(record);
      this.#mentioners.note(record.mentions, place.index);
      const own = this.#byActor.get(place.index);
      if (own) own.push(record.id);
      else this.#byActor.set(place.index, [record.id]);
    }
    return record;
  }
}

function traitsOf({ status, logic, offers, children }: SnapshotRecord): number {
  return (
    (isRunning(status) ? Trait.running : 0) |
    (status === 'unstarted' ? Trait.unstarted : 0) |
    (isHosted(logic.source) ? Trait.hosted : 0) |
    (offers.length > 0 ? Trait.offers : 0) |
    (children.length > 0 ? Trait.children : 0)
  );
}

/** Whether messages can be sent to an actor in this status and timers can fire for it. */
export function isRunning(status: ActorStatus): boolean {
  return status === 'active' || status === 'unstarted';
}
