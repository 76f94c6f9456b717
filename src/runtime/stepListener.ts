import type { ActorIndex } from './actors.js';
import type { ContentId } from './contents.js';
import type { EntryId } from './memo.js';
import type { MessageId } from './messages.js';

/** Hears what happens inside a step; a search needs no listener, a trace does. */
export interface StepListener {
  /** An actor took an event (or started, with `START`); `entry` is the memo entry, if XState runs the actor. */
  ran(
    actor: ActorIndex,
    message: MessageId,
    before: ContentId,
    after: ContentId,
    entry: EntryId | undefined,
  ): void;
  sent(from: ActorIndex, to: ActorIndex, message: MessageId, dropped: boolean): void;
  emitted(from: ActorIndex, message: MessageId): void;
  /** Virtual time moved on, in milliseconds. */
  elapsed(delay: number): void;
}
