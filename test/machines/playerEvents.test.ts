import { KSEVENT_CONNECTION_ENDOFSTREAM, KSEVENT_CONNECTION_POSITIONUPDATE } from 'interlace/stream-class';
import { describe, expect, it } from 'vitest';
import { type PlayerRun, playPlayer } from './playerRun.js';

const field = (event: object, key: string): unknown => Reflect.get(event, key);

/** What becomes of the events of each stream, in order: what is enabled, signalled and disabled. */
function eventsOf({ taken }: PlayerRun) {
  const sent = taken.flatMap((step) => step.sent.map(({ to, event }) => ({ to, event, actor: step.actor })));
  const addresses = new Map<unknown, string>();
  const order: string[] = [];
  for (const { to, event } of sent) {
    const { type } = event;
    if (type === 'IOCTL_KS_ENABLE_EVENT' && to === 'classDriver') {
      const name = `${field(event, 'FileObject')} ${field(event, 'Id')}`;
      addresses.set(field(event, 'EventData'), name);
      order.push(`+${name}`);
    }
    if (type === 'IOCTL_KS_DISABLE_EVENT' && to === 'classDriver')
      order.push(`-${addresses.get(field(event, 'EventData'))}`);
    if (type === 'EventSignalled') order.push(`${addresses.get(field(event, 'EventData'))}`);
  }
  return order;
}

const POSITION = KSEVENT_CONNECTION_POSITIONUPDATE;
const END = KSEVENT_CONNECTION_ENDOFSTREAM;
const count = (order: readonly string[], name: string) => order.filter((other) => other === name).length;

describe('the events of the player', () => {
  it('tell of every sample that is presented, and of the end of each stream behind all of them (E-052, E-053, E-059)', () => {
    for (const seed of [1, 2, 3]) {
      const run = playPlayer({ seed, frames: 6 });
      const order = eventsOf(run);
      expect(run.end).toBe('quiescent');
      for (const pin of ['pin:0', 'pin:1']) {
        expect(count(order, `${pin} ${POSITION}`)).toBe(6);
        expect(count(order, `${pin} ${END}`)).toBe(1);
        expect(order.lastIndexOf(`${pin} ${POSITION}`)).toBeLessThan(order.indexOf(`${pin} ${END}`));
        expect(order.indexOf(`+${pin} ${END}`)).toBeLessThan(order.indexOf(`${pin} ${POSITION}`));
        expect(order.indexOf(`-${pin} ${END}`)).toBeGreaterThan(order.indexOf(`${pin} ${END}`));
      }
      expect(run.events).toEqual({ enabled: 4, signalled: 14 });
    }
  });

  it('come behind the presentation that they tell of, never before (E-059)', () => {
    const streams: Readonly<Record<string, string>> = { 'pin:0': 'video', 'pin:1': 'audio' };
    for (const seed of [1, 2]) {
      const presented: Record<string, number> = { video: 0, audio: 0 };
      const told: Record<string, number> = { video: 0, audio: 0 };
      for (const { emitted, sent } of playPlayer({ seed, frames: 6 }).taken) {
        for (const event of emitted) {
          const stream = String(field(event, 'stream'));
          if (event.type === 'SamplePresented') presented[stream] = (presented[stream] ?? 0) + 1;
        }
        for (const { from, event } of sent) {
          const pin = Object.keys(streams).find((name) => from.endsWith(name));
          // The first event of each stream is its position.
          const isPosition = event.type === 'EventSignalled' && Number(field(event, 'EventData')) % 32 === 0;
          const stream = streams[pin ?? ''];
          if (!isPosition || stream === undefined) continue;
          told[stream] = (told[stream] ?? 0) + 1;
          expect(told[stream]).toBeLessThanOrEqual(presented[stream] ?? 0);
        }
      }
      expect(told).toEqual({ video: 6, audio: 6 });
    }
  });

  it('are over when they are disabled: nobody is told afterwards, and the queues are empty (E-032, E-041, INV-083)', () => {
    for (const seed of [1, 2]) {
      for (const timers of ['urgent', 'ordered'] as const) {
        const order = eventsOf(playPlayer({ seed, timers, frames: 3 }));
        const disabled = order.findIndex((text) => text.startsWith('-'));
        expect(order.filter((text) => text.startsWith('-'))).toHaveLength(4);
        if (timers === 'urgent')
          expect(order.slice(disabled).every((text) => text.startsWith('-'))).toBe(true);
      }
    }
  });
});
