import type { EventObject } from '../runtime/vocabulary.js';
import type { TraceStep } from '../trace/step.js';

/**
 * One step as one line, and a line more for each message beyond the first: virtual time, who took what, and what was sent.
 *
 * @example
 * "     0 ms  ping  takes BALL {bounces: 2}  → pong BALL {bounces: 1}"
 */
export function timelineLines(step: TraceStep): string[] {
  const at = `${String(step.atMs).padStart(8)} ms  `;
  const head = `${at}${step.actor}  ${VERBS[step.kind]} ${eventText(step.event)}`;
  const sent = step.sent
    .filter((message) => !(step.kind === 'timer' && message.event === step.event && step.sent.length === 1))
    .map(
      (m) =>
        `${m.from === step.actor ? '' : `${m.from} `}→ ${m.to} ${eventText(m.event)}${m.dropped ? ' (dropped: nobody is there)' : ''}`,
    );
  const [first, ...rest] = [...sent, ...step.emitted.map((event) => `emits ${eventText(event)}`)];
  const indent = ' '.repeat(at.length + step.actor.length + 2);
  return [first === undefined ? head : `${head}  ${first}`, ...rest.map((line) => indent + line)];
}

const VERBS = {
  message: 'takes',
  timer: 'timer',
  offer: 'environment',
  thread: 'runs',
} as const satisfies Record<TraceStep['kind'], string>;

/** An event as people read it: its type and its fields, long values cut. */
function eventText(event: EventObject): string {
  const fields = Object.entries(event).filter(([key, value]) => key !== 'type' && value !== undefined);
  if (fields.length === 0) return event.type;
  return `${event.type} {${fields.map(([key, value]) => `${key}: ${valueText(value)}`).join(', ')}}`;
}

const LONGEST = 60;

function valueText(value: unknown): string {
  const text = typeof value === 'bigint' ? `${value}n` : (JSON.stringify(value, named) ?? String(value));
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

/** Refs are shown by their address. */
function named(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'object' && value !== null && 'sessionId' in value && 'send' in value)
    return `→${String(value.sessionId)}`;
  return value;
}
