import { setup } from 'xstate';
import { monitor, type Property } from '../../../src/index.js';
import type { SeenStep } from '../../../src/runtime/stepLabels.js';

/** What a monitor asks of a step, besides its type. */
const ASKED: readonly ((step: SeenStep) => boolean)[] = [
  ({ kind }) => kind === 'message',
  ({ kind }) => kind === 'timer',
  ({ sent }) => sent.length > 0,
  ({ sent }) => sent.some(({ dropped }) => dropped),
  ({ event }) => 'ref' in event && event.ref !== null,
];

/**
 * A random state chart that watches steps: for types of events, or all of an actor, or of everybody; some of its transitions ask
 * more of the step. One of its states is tagged `violation`.
 *
 * @param texts what may follow an address and a full stop in an event's type
 */
export function someMonitor(
  addresses: readonly string[],
  texts: readonly string[],
  int: (n: number) => number,
): Property {
  const count = 3 + int(2);
  const pick = <T>(all: readonly T[]): T | undefined => all[int(all.length)];
  const waitsForAll = int(12) === 0;
  const descriptor = (): string => {
    const kind = int(10);
    if (waitsForAll && kind < 3) return '*';
    return `${pick(addresses)}.${kind === 3 ? '*' : pick(texts)}`;
  };
  const watching = setup({ types: { events: {} as SeenStep & { readonly type: string } } });
  const transition = () => {
    const asked = int(3) === 0 ? pick(ASKED) : undefined;
    const target = `s${int(count)}`;
    return asked ? { target, guard: ({ event }: { event: SeenStep }) => asked(event) } : target;
  };
  const states = Array.from({ length: count }, (_, i) => {
    const on = Array.from({ length: 1 + int(3) }, () => [descriptor(), transition()] as const);
    return [`s${i}`, { on: Object.fromEntries(on), tags: i === count - 1 ? ['violation'] : [] }] as const;
  });
  return monitor('monitor', watching.createMachine({ initial: 's0', states: Object.fromEntries(states) }));
}
