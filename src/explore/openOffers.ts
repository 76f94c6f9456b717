import { asChoice, choiceActor, choiceIndex } from '../runtime/choice.js';
import type { World } from '../runtime/world.js';

/** What the environment may do in a quiescent state that the world's stepper has turned to, in words; empty when it is nothing. */
export function openOffers({ tables, stepper, finder }: World): string {
  finder.find();
  const names = Array.from({ length: finder.choices.length }, (_, i) => {
    const choice = asChoice(finder.choices.at(i));
    const actor = choiceActor(choice);
    const offer = tables.snapshots.get(stepper.snapshotAt(actor)).offers[choiceIndex(choice)];
    return `the offer '${offer?.event.type}' to '${tables.actors.place(actor).address}'`;
  });
  return names.join(', ');
}
