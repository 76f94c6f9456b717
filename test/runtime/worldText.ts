import { ChoiceKind, choiceActor, choiceIndex, choiceKind } from '../../src/runtime/choice.js';
import type { State } from '../../src/runtime/state.js';
import type { World } from '../../src/runtime/world.js';
import type { WorldView } from '../../src/runtime/worldView.js';

/** How often each limited offer of each address was taken: what is left of a budget is not always to be seen in a view. */
export type Ledger = Readonly<Record<string, number>>;

/** A state as text, told from what a view shows alone. Good for contexts of plain JSON and references. */
export function worldText(view: WorldView, ledger: Ledger): string {
  const plain = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value === undefined ? '(undefined)' : value;
    if (value instanceof Error) return ['error', value.name, value.message];
    if ('sessionId' in value) return ['ref', value.sessionId];
    if (Array.isArray(value)) return value.map(plain);
    return Object.entries(value).map(([key, inner]) => [key, plain(inner)]);
  };
  const actors = view.addresses().map((address) => {
    const s = view.snapshot(address);
    const snapshot = s
      ? [s.status, s.value, plain(s.context), plain(s.error), plain(s.output), plain(s.children)]
      : 'unstarted';
    const timers = view.timers(address).map((t) => [t.id, t.to, t.remaining ?? '*', plain(t.event)]);
    const offers = view.offers(address).map((o) => [plain(o.event), String(o.left)]);
    return [address, snapshot, plain(view.mailbox(address)), timers, offers];
  });
  return JSON.stringify([
    actors,
    Object.entries(ledger).sort(([a], [b]) => (a < b ? -1 : 1)),
    view.quiescent,
  ]);
}

export interface Successor {
  readonly state: State;
  readonly ledger: Ledger;
}

/** Every state that one choice leads to. */
export function successors(world: World, { state, ledger }: Successor): Successor[] {
  const view = world.view(state);
  return world.enabled(state).choices.map((choice) => {
    const next = world.step(state, choice);
    if (choiceKind(choice) !== ChoiceKind.offer) return { state: next, ledger };
    const { address } = world.tables.actors.place(choiceActor(choice));
    const key = `${address} ${JSON.stringify(view.snapshot(address)?.value)} ${choiceIndex(choice)}`;
    return { state: next, ledger: { ...ledger, [key]: (ledger[key] ?? 0) + 1 } };
  });
}

/** The words of a state, computed from its contents alone. */
export function wordsFromScratch(world: World, { cells }: State): number[] {
  const { contents } = world.tables;
  return ([0, 1, 2, 3] as const).map((i) => cells.reduce((sum, cell) => sum ^ contents.word(cell, i), 0));
}
