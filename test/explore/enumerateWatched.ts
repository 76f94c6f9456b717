import {
  type AnyMachineSnapshot,
  type AnyStateMachine,
  initialTransition,
  type Snapshot,
  transition,
} from 'xstate';
import { present } from '../../src/kernel/invariant.js';
import {
  type Choice,
  ChoiceKind,
  choiceActor,
  choiceIndex,
  choiceKind,
  packChoice,
} from '../../src/runtime/choice.js';
import { Slot } from '../../src/runtime/layout.js';
import { describeSnapshot } from '../../src/runtime/snapshotShape.js';
import type { State } from '../../src/runtime/state.js';
import type { System } from '../../src/runtime/system.js';
import { World } from '../../src/runtime/world.js';
import { choiceNames } from '../../src/trace/schedule.js';

/** A state, by the names of the choices that lead to it, with what is no part of a world: see {@link enumerateWatched}. */
interface Place {
  readonly path: readonly string[];
  /** How often limited offers were taken. */
  readonly taken: Readonly<Record<string, number>>;
  /** What a state chart made of the steps. */
  readonly watching: AnyMachineSnapshot;
}

export interface WatchedEnumeration {
  readonly states: number;
  readonly transitions: number;
  /** What was met on the way. */
  readonly met: ReadonlySet<Met>;
}

export type Met =
  | 'history'
  | 'an offer that is closed'
  | 'a name that came back'
  | 'a timer with an id that is taken'
  | 'a step that was seen';

/**
 * Takes every step from every state in the general way, and knows a state by its whole text: no fingerprints, no recipes, no sleep
 * sets, no slots for monitors. Each state is come to in a world of its own, so that nothing is interned but what is on the way there;
 * and XState itself lets the chart that watches take each step.
 *
 * @returns `undefined` when there are more states than `statesMax`
 */
export function enumerateWatched(
  system: System,
  machine: AnyStateMachine,
  statesMax: number,
): WatchedEnumeration | undefined {
  const met = new Set<Met>();
  const begin: Place = { path: [], taken: {}, watching: initialTransition(machine)[0] };
  const first = new World(system);
  const known = new Map([[placeText(first, first.initial, begin, met), begin]]);
  const gone = new Set<string>();
  let transitions = 0;
  for (const place of known.values()) {
    const world = new World(system);
    world.stepper.labelsAll = true;
    const state = place.path.reduce(
      (at, name) => world.step(at, choiceNamed(world, at, name)),
      world.initial,
    );
    const before = new Set(world.view(state).addresses());
    const { choices } = world.enabled(state);
    for (const [i, name] of choiceNames(world, state, choices).entries()) {
      transitions++;
      const choice = choices[i] ?? choiceNamed(world, state, name);
      const taken = takenAfter(world, state, choice, place.taken);
      const after = world.step(state, choice);
      const [watching] = transition(machine, place.watching, seenStep(world));
      const next = { path: [...place.path, name], taken, watching };
      const addresses = new Set(world.view(after).addresses());
      for (const address of before) if (!addresses.has(address)) gone.add(address);
      if ([...addresses].some((address) => !before.has(address) && gone.has(address)))
        met.add('a name that came back');
      if (watching !== place.watching) met.add('a step that was seen');
      const text = placeText(world, after, next, met);
      if (!known.has(text)) known.set(text, next);
      if (known.size > statesMax) return undefined;
    }
  }
  return { states: known.size, transitions, met };
}

function choiceNamed(world: World, state: State, name: string): Choice {
  const { choices } = world.enabled(state);
  return present(choices[choiceNames(world, state, choices).indexOf(name)], `${name} is possible`);
}

function takenAfter(world: World, { cells }: State, choice: Choice, taken: Place['taken']): Place['taken'] {
  if (choiceKind(choice) !== ChoiceKind.offer) return taken;
  const { stepper, tables } = world;
  const { address, index } = tables.actors.place(choiceActor(choice));
  stepper.begin(cells, 0, cells.length);
  const offer = tables.snapshots.get(stepper.snapshotAt(index)).offers[choiceIndex(choice)];
  if (offer?.times === undefined) return taken;
  const key = `${address} ${offer.key}`;
  return { ...taken, [key]: (taken[key] ?? 0) + 1 };
}

/** The last step, as a monitor sees it. */
function seenStep({ labels, stepper }: World) {
  const { actor, kind, event, sent, emitted } = present(labels.step(stepper.label), 'all steps are labelled');
  return { type: `${actor}.${event.type}`, kind, event, sent, emitted };
}

function placeText(world: World, state: State, { taken, watching }: Place, met: Set<Met>): string {
  const { stepper, tables } = world;
  const { snapshots, mailboxes, messages, timers, actors } = tables;
  const enabled = new Set(world.enabled(state).choices);
  stepper.begin(state.cells, 0, state.cells.length);
  const texts = actors.places.flatMap(({ index, address }) => {
    const content = stepper.snapshotAt(index);
    if (content === 0) return [];
    const { status, snapshot, input, offers } = snapshots.get(content);
    const isClosed = offers.some(
      ({ key, times }, i) =>
        (taken[`${address} ${key}`] ?? 0) < (times ?? 1) &&
        !enabled.has(packChoice(index, ChoiceKind.offer, i)),
    );
    if (isClosed && status === 'active') met.add('an offer that is closed');
    const armed = timers.timers(stepper.contentOf(Slot.timers, index));
    if (armed.some(({ cancellable }) => !cancellable)) met.add('a timer with an id that is taken');
    const waits = armed.map(({ spec: { id, message, to, raised }, remaining, cancellable }) =>
      plain([id, messages.get(message).event, actors.place(to).address, raised, cancellable, remaining]),
    );
    // In mode `free` neither remaining times nor the order of arming are part of the state.
    if (world.system.timers === 'free')
      waits.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    const mail = mailboxes
      .messages(stepper.contentOf(Slot.mailbox, index))
      .map((id) => messages.get(id).event);
    return [
      [address, status, plain(input?.value), snapshot ? snapshotText(snapshot, met) : '', plain(mail), waits],
    ];
  });
  texts.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  return JSON.stringify([texts, Object.entries(taken).sort(), watching.value, plain(watching.context)]);
}

/** All that an XState snapshot says; of the order of its nodes only what the machine can see. */
function snapshotText(snapshot: Snapshot<unknown>, met: Set<Met>): string {
  const { shape, ...data } = describeSnapshot(snapshot);
  const { value, historyValue } = snapshot as Partial<AnyMachineSnapshot>;
  const history = Object.entries(historyValue ?? {}).map(([id, nodes]) => [
    id,
    nodes.map((node) => node.id).sort(),
  ]);
  if (history.length > 0) met.add('history');
  const order: unknown = shape === '' ? '' : JSON.parse(shape)[2];
  return JSON.stringify([plain(data), value, history.sort(), order]);
}

/** A value as one that JSON tells apart. */
function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return [typeof value, String(value)];
  if (value instanceof Error) return ['error', value.name, value.message];
  if ('sessionId' in value) return ['ref', value.sessionId];
  if (Array.isArray(value)) return value.map(plain);
  return Object.entries(value).map(([key, inner]) => [key, plain(inner)]);
}
