/**
 * How a state comes into a world with empty tables. A step of a long run with counters and time stamps in its contexts meets
 * contents that never come again; nothing but the present state is worth keeping then.
 *
 * Walk through: {@link isAtRest} says whether a state is simple enough: nobody has mail and no thread is under way, so that only
 * snapshots, timers and the memory of hosts are to be moved. {@link carryOver} interns these anew, into the same slots. Addresses,
 * references and logics are shared: they do not grow with the steps. Contents have the same hashes in every world, so the
 * fingerprint proves that nothing was lost.
 */
import { present } from '../kernel/invariant.js';
import type { ActorPlace } from './actors.js';
import type { Host } from './host.js';
import type { Hosts } from './hosts.js';
import { Slot } from './layout.js';
import type { Recorder } from './recorder.js';
import type { SnapshotRecord } from './snapshots.js';
import type { Stepper } from './stepper.js';
import type { Tables } from './tables.js';
import type { ArmedTimer } from './timers.js';

/** The parts of a world; its stepper has turned to the state that comes over. */
interface Carried {
  readonly tables: Tables;
  readonly stepper: Stepper;
  readonly hosts: Hosts;
}

/** Whether the state to which a world's stepper has turned can come over. */
export function isAtRest(world: Carried): boolean {
  const { tables, stepper } = world;
  return tables.actors.places.every(({ index }) => {
    const record = recordOf(world, index);
    if (stepper.contentOf(Slot.mailbox, index) !== 0 || stepper.contentOf(Slot.budget, index) !== 0)
      return false;
    if (!tables.timers.timers(stepper.contentOf(Slot.timers, index)).every(isPlain)) return false;
    if (!record) return true;
    const host = world.hosts.of(record);
    return host ? record.status === 'active' && hostIsAtRest(host, stepper) : record.status !== 'unstarted';
  });
}

/** Puts all that a state of one world holds into another, to whose empty state its stepper has turned. */
export function carryOver(from: Carried, to: Carried, recorder: Recorder): void {
  for (const place of from.tables.actors.places) {
    const record = recordOf(from, place.index);
    if (!record) continue;
    const host = from.hosts.of(record);
    const renewed = host ? to.hosts.record(record, undefined) : recorder.renewed(record);
    to.stepper.place(renewed);
    if (host) {
      const put = (slot: number, content: number): void => to.stepper.put(slot, content);
      present(to.hosts.of(renewed), 'a hosted actor keeps a host').takeOver?.(host, from.stepper, put);
    }
    carryTimers(place, from, to);
  }
}

function carryTimers(place: ActorPlace, from: Carried, to: Carried): void {
  let set = 0;
  for (const { spec, remaining } of from.tables.timers.timers(
    from.stepper.contentOf(Slot.timers, place.index),
  )) {
    const { event } = from.tables.messages.get(spec.message);
    const message = to.tables.internEvent(event, `a timer of actor '${place.address}'`).id;
    const number = to.tables.timers.internSpec({ ...spec, message, delay: remaining ?? spec.delay });
    set = to.tables.timers.arm(place, set, number);
  }
  if (set !== 0) to.stepper.put(to.stepper.slotOf(Slot.timers, place.index), set);
}

/** Arming it anew gives the same timer: no other one has taken its id since. */
function isPlain({ spec, cancellable }: ArmedTimer): boolean {
  return cancellable === (spec.id !== undefined);
}

function hostIsAtRest(host: Host, stepper: Stepper): boolean {
  return host.takeOver !== undefined && host.isAtRest?.(stepper) === true;
}

function recordOf({ tables, stepper }: Carried, actor: number): SnapshotRecord | undefined {
  const content = stepper.contentOf(Slot.snapshot, actor);
  return content === 0 ? undefined : tables.snapshots.get(content);
}
