import { isTypedArray } from '../kernel/frozenBuiltIns.js';
import type { EventObject } from '../runtime/vocabulary.js';
import type { TraceStep } from '../trace/step.js';

/** Columns of an actor's address, unless it is longer. */
const ACTOR_COLUMNS = 17;

/** Characters of what is shown of an event beside its type. */
const DETAIL_MAX = 72;

/** Fields that are shown of an object within an event. */
const INNER_FIELDS = 3;

/**
 * One step as one line, and a line more for each message beyond the first: virtual time, who took what, and what was sent. A
 * message is shown whole where it is sent, and by its first field where it is taken.
 *
 * @example
 * "     0 ms  ping               takes BALL(bounces: 2)  → pong BALL(bounces: 1)"
 */
export function timelineLines(step: TraceStep): string[] {
  const at = `${String(step.atMs).padStart(8)} ms  ${step.actor.padEnd(ACTOR_COLUMNS)}  `;
  const head = at + takenText(step);
  const isItsOwnTimer = step.kind === 'timer' && step.sent.length === 1;
  const sent = step.sent
    .filter(({ event }) => !(isItsOwnTimer && event === step.event))
    .map(
      ({ from, to, event, dropped }) =>
        `${from === step.actor ? '' : `${from} `}→ ${to} ${eventText(event)}${dropped ? ' (dropped: nobody is there)' : ''}`,
    );
  const [first, ...rest] = [...sent, ...step.emitted.map((event) => `emits ${eventText(event)}`)];
  const indent = ' '.repeat(at.length);
  return [first === undefined ? head : `${head}  ${first}`, ...rest.map((line) => indent + line)];
}

function takenText({ kind, event, choice }: TraceStep): string {
  switch (kind) {
    case 'message':
      return `takes ${eventText(event, 1)}`;
    case 'timer':
      return `timer ${eventText(event, 1)}`;
    case 'offer':
      return `environment ${eventText(event)}`;
    case 'thread':
      return `runs ${choice.slice(choice.indexOf('@') + 1)}: ${event.type}`;
  }
}

/** An event as people read it: its type and its first fields, long values cut. */
function eventText(event: EventObject, fieldsMax = Number.POSITIVE_INFINITY): string {
  const { type, ...fields } = event;
  const shown = fieldsText(fields, fieldsMax);
  if (shown === '') return type;
  return `${type}(${shown.length > DETAIL_MAX ? `${shown.slice(0, DETAIL_MAX - 1)}…` : shown})`;
}

/** Names of things speak for themselves; other values are shown with the field's name. */
function fieldsText(record: object, fieldsMax: number): string {
  const fields = Object.entries(record).filter(([, value]) => value !== undefined);
  const shown = fields
    .slice(0, fieldsMax)
    .map(([key, value]) => (typeof value === 'string' ? value : `${key}: ${valueText(value)}`));
  return shown.join(', ');
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) {
    const items = value.slice(0, INNER_FIELDS).map(valueText);
    return `[${[...items, ...(value.length > INNER_FIELDS ? ['…'] : [])].join(', ')}]`;
  }
  if (typeof value !== 'object' || value === null)
    return typeof value === 'bigint' ? `${value}n` : String(value);
  if (value instanceof Error) return String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'no date' : value.toISOString();
  if (value instanceof Map)
    return valueText([...value].map(([key, inner]) => `${valueText(key)}: ${valueText(inner)}`));
  if (value instanceof Set || isTypedArray(value)) return valueText([...value]);
  // An actor is shown by its address.
  if ('sessionId' in value && 'send' in value) return `→${String(value.sessionId)}`;
  const more = Object.keys(value).length > INNER_FIELDS ? ', …' : '';
  return `{${fieldsText(value, INNER_FIELDS)}${more}}`;
}
