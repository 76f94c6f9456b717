import { type Choice, ChoiceKind, choiceActor, choiceIndex, choiceKind } from '../runtime/choice.js';
import { Slot } from '../runtime/layout.js';
import type { State } from '../runtime/state.js';
import type { World } from '../runtime/world.js';

/**
 * Names the choices of one state, so that a schedule survives a change elsewhere: `pong` (takes its head), `+pong` (starts),
 * `watchdog!tick` (a timer: its id, else its event type), `hardware?UNPLUG` (an offer), `program@reader`
 * (a thread). Equal names get `#2`, `#3`, … in
 * canonical order. White space and `! ? # % +` inside a part are percent-encoded.
 */
export function choiceNames(world: World, state: State, choices: readonly Choice[]): readonly string[] {
  const seen = new Map<string, number>();
  return choices.map((choice) => {
    const name = plainName(world, state, choice);
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}#${count}`;
  });
}

function plainName(world: World, state: State, choice: Choice): string {
  const { actors, snapshots, timers, messages } = world.tables;
  const place = actors.place(choiceActor(choice));
  const { stepper } = world;
  stepper.begin(state.cells, 0, state.cells.length);
  const record = snapshots.get(stepper.contentOf(Slot.snapshot, place.index));
  switch (choiceKind(choice)) {
    case ChoiceKind.timer: {
      const spec = timers.timers(stepper.contentOf(Slot.timers, place.index))[choiceIndex(choice)]?.spec;
      return `${place.address}!${encode(spec?.id ?? (spec ? messages.get(spec.message).event.type : ''))}`;
    }
    case ChoiceKind.offer:
      return `${place.address}?${encode(record.offers[choiceIndex(choice)]?.event.type ?? '')}`;
    case ChoiceKind.thread:
      return `${place.address}@${world.hosts.of(record)?.choiceName(choiceIndex(choice), stepper) ?? ''}`;
    case ChoiceKind.message:
      return record.status === 'unstarted' ? `+${place.address}` : place.address;
  }
}

function encode(part: string): string {
  return part.replace(/[\s!?#%+]/gu, (c) => (c === '!' ? '%21' : encodeURIComponent(c)));
}
