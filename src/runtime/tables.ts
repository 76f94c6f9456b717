import type { EventObject } from 'xstate';
import { NotAValueError } from '../kernel/notAValue.js';
import { UsageError } from '../kernel/usageError.js';
import { type InternedValue, ValueStore } from '../kernel/valueStore.js';
import { ActorRefs } from './actorRef.js';
import { Actors } from './actors.js';
import { Budgets } from './budgets.js';
import { Cells } from './cells.js';
import { type ContentId, Contents } from './contents.js';
import { Logics } from './logic.js';
import { Mailboxes } from './mailboxes.js';
import { MailPatterns } from './mailPatterns.js';
import { Memo } from './memo.js';
import { Mentioners } from './mentioners.js';
import { type Message, type MessageId, Messages } from './messages.js';
import { Probes } from './probes.js';
import { type SnapshotRecord, Snapshots } from './snapshots.js';
import { Texts } from './texts.js';
import { type TimerMode, Timers } from './timers.js';

/** What JavaScript says of a proxy that is good for nothing any more, as the drafts of some libraries are after their use. */
const REVOKED = /a proxy that has been revoked/;

/** What does not grow with the steps that are taken: who there is, and what runs in them. */
export type LastingTables = Pick<Tables, 'actors' | 'refs' | 'logics'>;

/** Everything that a world has interned: tables only grow, and ids are good for as long as the tables are. */
export class Tables {
  readonly actors: Actors;
  readonly refs: ActorRefs;
  readonly logics: Logics;
  readonly values: ValueStore;
  readonly contents = new Contents();
  readonly messages = new Messages();
  readonly texts = new Texts();
  readonly cells = new Cells();
  readonly probes = new Probes();
  readonly memo = new Memo(this.probes);
  readonly mentioners = new Mentioners();
  readonly snapshots = new Snapshots(this.contents, this.mentioners);
  readonly mailboxes: Mailboxes;
  readonly mailPatterns: MailPatterns;
  readonly budgets = new Budgets(this.contents);
  readonly timers: Timers;
  readonly #endMessages = new Map<ContentId, MessageId>();

  /** @param lasting what is taken over from a world whose other tables are to be forgotten */
  constructor(timerMode: TimerMode, lasting?: LastingTables) {
    this.actors = lasting?.actors ?? new Actors();
    this.refs = lasting?.refs ?? new ActorRefs(this.actors);
    this.logics = lasting?.logics ?? new Logics();
    this.values = new ValueStore(this.refs);
    this.mailboxes = new Mailboxes(this.contents, this.messages, this.actors, this.mentioners);
    this.mailPatterns = new MailPatterns(this.mailboxes, this.messages);
    this.timers = new Timers(this.contents, this.messages, this.actors, this.mentioners, timerMode);
  }

  /**
   * Interns a value of the user's.
   *
   * @param what names the value in the error, e.g. `the context of actor 'ping'`
   * @throws UsageError when it is no value
   */
  internValue(value: unknown, what: string): InternedValue {
    try {
      return this.values.intern(value);
    } catch (error) {
      if (error instanceof TypeError && REVOKED.test(error.message))
        throw new UsageError(`in ${what} is a proxy that was revoked`, 'keep the data, not a draft of it');
      if (!(error instanceof NotAValueError)) throw error;
      const where = error.path === '' ? what : `${what}, at ${error.path},`;
      throw new UsageError(
        `${where} is ${error.what}`,
        'context, events, input and output are plain data: keep the rest outside of the actors',
        { cause: error },
      );
    }
  }

  /** What the parent of an actor that is done or has failed is told: XState's `xstate.done.actor.*` or `xstate.error.actor.*`. */
  endMessage(record: SnapshotRecord): MessageId {
    let message = this.#endMessages.get(record.id);
    if (message === undefined) {
      const { id } = record.place;
      const { output, error } = record.snapshot ?? { output: undefined, error: undefined };
      const event =
        record.status === 'done'
          ? { type: `xstate.done.actor.${id}`, output, actorId: id }
          : { type: `xstate.error.actor.${id}`, error, actorId: id };
      message = this.internEvent(event, `the end of actor '${record.place.address}'`).id;
      this.#endMessages.set(record.id, message);
    }
    return message;
  }

  internEvent(event: EventObject, what: string): Message {
    const value = this.internValue(event, what);
    return this.messages.intern(value, isEvent(value.value) ? value.value : event);
  }
}

function isEvent(value: unknown): value is EventObject {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
