import type { EventObject } from 'xstate';

/** What XState hands over without a type. */

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

export function isEvent(value: unknown): value is EventObject {
  return isRecord(value) && typeof value['type'] === 'string';
}
