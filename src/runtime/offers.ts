import type { EventObject, Snapshot } from 'xstate';
import { shown } from '../kernel/options.js';
import { UsageError } from '../kernel/usageError.js';
import type { ActorPlace } from './actors.js';
import { activeMeta } from './snapshotShape.js';
import type { Offer } from './snapshots.js';
import type { Tables } from './tables.js';

/**
 * Reads the offers that the active states declare: `meta: { offers: ['UNPLUG', { type: 'DONE', times: 3, expected: true }] }`.
 *
 * @throws UsageError when a declaration is not an event type or an event with `times` ≥ 1 and a boolean `expected`
 */
export function offersOf(snapshot: Snapshot<unknown>, place: ActorPlace, tables: Tables): readonly Offer[] {
  return activeMeta(snapshot).flatMap(({ state, meta }) => {
    if (typeof meta !== 'object' || meta === null || !('offers' in meta)) return [];
    const { offers } = meta;
    if (!Array.isArray(offers)) throw malformed(place, state, 'meta.offers is no list');
    return offers.map((offer: unknown, index) => readOffer(offer, `${state}[${index}]`, place, tables));
  });
}

function readOffer(offer: unknown, key: string, place: ActorPlace, tables: Tables): Offer {
  if (typeof offer === 'string') return made(key, { type: offer }, undefined, false, place, tables);
  if (typeof offer !== 'object' || offer === null || !('type' in offer) || typeof offer.type !== 'string') {
    throw malformed(place, key, `the offer ${shown(offer)} has no event type`);
  }
  const { times, expected, ...event } = { times: undefined, expected: false, ...offer };
  if (times !== undefined && !(Number.isInteger(times) && times >= 1)) {
    throw malformed(place, key, `the offer '${offer.type}' has times: ${String(times)}`);
  }
  if (typeof expected !== 'boolean')
    throw malformed(place, key, `the offer '${offer.type}' has a strange 'expected'`);
  return made(key, { ...event, type: offer.type }, times, expected, place, tables);
}

function made(
  key: string,
  event: EventObject,
  times: number | undefined,
  expected: boolean,
  place: ActorPlace,
  tables: Tables,
): Offer {
  const message = tables.internEvent(
    event,
    `the event '${event.type}' that is offered to actor '${place.address}'`,
  );
  return { key, event: message.event, message: message.id, times, expected };
}

function malformed(place: ActorPlace, state: string, problem: string): UsageError {
  return new UsageError(
    `actor '${place.address}', state '${state}': ${problem}`,
    "write meta: { offers: ['EVENT', { type: 'EVENT', times: 1, expected: true }] }",
  );
}
