import type { ActorIndex } from '../runtime/actors.js';
import { type Choice, ChoiceKind, choiceActor, choiceIndex, choiceKind } from '../runtime/choice.js';
import { START } from '../runtime/memo.js';
import type { SnapshotRecord } from '../runtime/snapshots.js';
import type { State } from '../runtime/state.js';
import type { StepListener } from '../runtime/stepper.js';
import type { EventObject, Snapshot } from '../runtime/vocabulary.js';
import type { World } from '../runtime/world.js';

/** What was sent in a step, in order. */
export interface SentMessage {
  readonly from: string;
  readonly to: string;
  readonly event: EventObject;
  /** The receiver had ended, or was never there. */
  readonly dropped?: true;
}

/** One step of a run, written down. */
export interface TraceStep {
  /** The choice, as a schedule names it. */
  readonly choice: string;
  readonly actor: string;
  readonly kind: 'message' | 'timer' | 'offer' | 'thread';
  /**
   * The event that the actor took; of a timer that delivers to a mailbox, the event that it delivered; of a thread, its type says
   * what the thread did, e.g. `write memory.x 42`.
   */
  readonly event: EventObject;
  readonly before: Snapshot<unknown> | undefined;
  readonly after: Snapshot<unknown> | undefined;
  readonly sent: readonly SentMessage[];
  readonly emitted: readonly EventObject[];
  /** Virtual time after the step, in milliseconds since the start. */
  readonly atMs: number;
}

const KINDS = ['message', 'timer', 'offer', 'thread'] as const;
const START_EVENT: EventObject = { type: 'xstate.init' };

/** Takes a step and writes it down. */
export function traceStep(
  world: World,
  state: State,
  choice: Choice,
  name: string,
  nowMs: number,
): { readonly state: State; readonly step: TraceStep } {
  const { actors, messages, snapshots } = world.tables;
  const actor = choiceActor(choice);
  const sent: SentMessage[] = [];
  const emitted: EventObject[] = [];
  let atMs = nowMs;
  let event: EventObject | undefined;
  let before: Snapshot<unknown> | undefined;
  let after: Snapshot<unknown> | undefined;
  const listener: StepListener = {
    ran: (who, message, was, is) => {
      if (who !== actor || event) return;
      event = message === START ? START_EVENT : messages.get(message).event;
      before = snapshots.get(was).snapshot;
      after = snapshots.get(is).snapshot;
    },
    sent: (from, to, message, dropped) => {
      const { event: carried } = messages.get(message);
      event ??= choiceKind(choice) === ChoiceKind.timer ? carried : undefined;
      const line = { from: actors.place(from).address, to: actors.place(to).address, event: carried };
      sent.push(dropped ? { ...line, dropped: true } : line);
    },
    emitted: (_from, message) => {
      emitted.push(messages.get(message).event);
    },
    elapsed: (delay) => {
      atMs += delay;
    },
  };
  const kind = KINDS[choiceKind(choice)];
  if (kind === 'thread') {
    const record = recordIn(world, state, actor);
    event = { type: world.hosts.of(record)?.choiceText(choiceIndex(choice), world.stepper) ?? '' };
    before = record.snapshot;
  }
  const next = world.step(state, choice, listener);
  if (kind === 'thread') after = recordIn(world, next, actor).snapshot;
  const address = actors.place(actor).address;
  const step = {
    choice: name,
    actor: address,
    kind,
    event: event ?? START_EVENT,
    before,
    after,
    sent,
    emitted,
    atMs,
  };
  return { state: next, step };
}

function recordIn({ stepper, tables }: World, { cells }: State, actor: ActorIndex): SnapshotRecord {
  stepper.begin(cells, 0, cells.length);
  return tables.snapshots.get(stepper.snapshotAt(actor));
}
