import type { FileObject, PnpDecision } from 'interlace/stream-class';
import { describe, expect, it } from 'vitest';
import { everySchedule } from './everyIoctlSchedule.js';
import { answersOf, ask, files, pinProperty, printed, property } from './ioctlRequests.js';
import { ledger, type Play, play } from './play.js';
import { type PropertyMinidriverInput, propertyMinidriver } from './propertyMinidriver.js';
import { cleanup, close, opened } from './requests.js';
import type { Request } from './scriptedRequester.js';

const cancel = (slot: number, FileObject: FileObject): Request => ({
  type: 'IoCancelIrp',
  irp: `client.irp${slot}`,
  FileObject,
});
const statuses = (p: Play) =>
  answersOf(p)
    .slice(2)
    .map(({ Status }) => Status);
const cancelCalls = ({ steps }: Play) =>
  steps.flatMap(({ sent }) =>
    sent.filter(
      ({ event }) => event.type === 'CallMinidriver' && Reflect.get(event, 'callback') === 'HwCancelPacket',
    ),
  );
const CANCELLED = 'STATUS_CANCELLED';
const flagsOf = (FileObject: FileObject) =>
  FileObject === 'pin:0' ? 'STREAM_PROPERTY 2' : 'DEVICE_PROPERTY 0';

describe('a property request that is cancelled', () => {
  for (const FileObject of files) {
    const get = property({ FileObject });

    it(`while the class driver queues it (${FileObject}) is completed by it: the minidriver never sees it (D-041)`, () => {
      for (const seed of [1, 2, 3, 4]) {
        const bursts = [[get, get, cancel(1, FileObject), cancel(0, FileObject)]];
        const p = ask(bursts, { seed, keeps: CANCELLED, blocks: true });
        expect(statuses(p)).toEqual([CANCELLED, CANCELLED]);
        const gets = printed(p).filter((text) => text.startsWith('SRB_GET_'));
        expect(gets.length).toBeLessThanOrEqual(1);
      }
    });

    it(`while the minidriver owns it (${FileObject}) goes through HwCancelPacket once, and ends as the minidriver says (D-042, D-048, A-038)`, () => {
      for (const seed of [1, 2, 3, 4]) {
        for (const status of [CANCELLED, 'STATUS_SUCCESS'] as const) {
          // The second request shows that the first is the minidriver's: both go through one queue.
          const bursts = [[get, cancel(0, FileObject), cancel(0, FileObject)]];
          const p = ask(bursts, { seed, keeps: status });
          const cancels = printed(p).filter((text) => text.startsWith('cancel'));
          const isWithdrawn = printed(p).length === 0;
          expect(cancels).toEqual(isWithdrawn ? [] : [`cancel SRB_GET_${flagsOf(FileObject)}`]);
          expect(cancelCalls(p)).toHaveLength(1);
          expect(statuses(p)).toEqual([isWithdrawn ? CANCELLED : status]);
        }
      }
    });

    it(`by CLEANUP of its file (${FileObject}) ends like that, and the file is closed (C-030, C-040, INV-039)`, () => {
      for (const blocks of [false, true]) {
        const bursts = [[get, get, cleanup(FileObject)], [close(FileObject)]];
        const own = FileObject === 'pin:0' ? bursts : [[cleanup('pin:0')], [close('pin:0')], ...bursts];
        const p = ask(own, { keeps: CANCELLED, blocks });
        expect(statuses(p).filter((status) => status === CANCELLED)).toHaveLength(2);
        expect(statuses(p).at(-1)).toBe('STATUS_SUCCESS');
      }
    });
  }

  it('comes too late behind the CLEANUP of its file: the minidriver is not asked (A-039)', () => {
    for (const FileObject of files) {
      const p = ask([[cleanup(FileObject), property({ FileObject })]]);
      expect(statuses(p).sort()).toEqual([CANCELLED, 'STATUS_SUCCESS']);
      expect(printed(p)).toEqual([]);
    }
  });

  it('of another filter is left alone by a CLEANUP (A-039)', () => {
    for (const blocks of [false, true]) {
      const other: Request = { type: 'IRP_MJ_CREATE', object: 'filter' };
      const burst = [property(), property({ FileObject: 'filter:1' }), cleanup('filter:1')];
      const minidriver = propertyMinidriver({ keeps: CANCELLED, blocks });
      const p = play({ bursts: [...opened, [other], burst], minidriver });
      // One is owned, the other owned too, or queued.
      expect(statuses(p).slice(1)).toEqual([CANCELLED, 'STATUS_SUCCESS']);
      expect(ledger(p)).toEqual({ irps: ['client.irp0'], srbs: ['client.irp0'], errors: [] });
    }
  });

  it('in the middle of a data intersection asks for no other range (G-037, D-043)', () => {
    const range = {
      FormatSize: 64,
      Flags: 0,
      SampleSize: 0,
      MajorFormat: 'v',
      SubFormat: 's',
      Specifier: 'p',
    };
    const request = pinProperty('KSPROPERTY_PIN_DATAINTERSECTION', {
      InputLength: 40 + 128,
      Pin: { PinId: 0, DataRanges: [range, range] },
    });
    for (const keeps of [CANCELLED, 'STATUS_NO_MATCH'] as const) {
      const p = ask([[request, cancel(0, 'filter:0')]], { keeps });
      expect(statuses(p)).toEqual([CANCELLED]);
      expect(printed(p).filter((text) => text.startsWith('SRB_GET')).length).toBeLessThanOrEqual(1);
    }
  });
});

describe('in every schedule', () => {
  const pinGet = property({ FileObject: 'pin:0' });

  for (const off of [false, true]) {
    it(`properties of filter and pin are answered once each, cancelled or not (synchronization ${off ? 'off' : 'on'})`, async () => {
      const filter = [property(), cancel(0, 'filter:0')];
      const pin = [pinGet, cancel(0, 'pin:0')];
      const closing = [[cleanup('pin:0')], [close('pin:0')]];
      const together = [property(), pinGet, cancel(0, 'filter:0'), cancel(1, 'pin:0')];
      // Who does not let the class driver synchronize, and keeps requests, needs a lock (D-046).
      const input: PropertyMinidriverInput = off ? { off } : { keeps: CANCELLED };
      const outcome = await everySchedule([...(off ? [filter, pin] : [together]), ...closing], input);
      expect(outcome.violations.map(({ property: name, message }) => `${name}: ${message}`)).toEqual([]);
      expect([outcome.verdict, outcome.exhausted]).toEqual(['holds', true]);
      expect(outcome.witnesses['the minidriver is asked']?.reached).toBe(true);
      // Without the lock no delivery waits, so there is none to withdraw (D-045).
      expect(outcome.witnesses['a delivery to the stream is withdrawn']?.reached).toBe(!off);
    });
  }

  it('a property whose delivery is withdrawn holds up none behind it (D-023, D-031)', async () => {
    const burst = [pinGet, property(), cancel(1, 'filter:0'), property()];
    const outcome = await everySchedule([burst], {});
    expect(outcome.violations.map(({ property: name, message }) => `${name}: ${message}`)).toEqual([]);
    expect([outcome.verdict, outcome.exhausted]).toEqual(['holds', true]);
    expect(outcome.witnesses['a delivery to the device is withdrawn']?.reached).toBe(true);
  });

  it('properties that a surprise removal finds are refused by the class driver, or let go of by the minidriver (C-004, C-068, G-014)', async () => {
    const burst = [property(), property(), pinGet];
    const life: PnpDecision[] = [{ type: 'Unplug', when: { afterMs: 5 } }];
    const outcome = await everySchedule([burst], { keeps: CANCELLED }, life);
    expect(outcome.violations.map(({ property: name, message }) => `${name}: ${message}`)).toEqual([]);
    expect([outcome.verdict, outcome.exhausted]).toEqual(['holds', true]);
    expect(outcome.witnesses['a request is refused as gone']?.reached).toBe(true);
    expect(outcome.witnesses['a request of a client is queued']?.reached).toBe(true);
    expect(outcome.witnesses['a request is let go of']?.reached).toBe(true);
  });

  it('properties wait while the device sleeps, and can be cancelled meanwhile (C-004, C-063, J62)', async () => {
    const life: PnpDecision[] = [
      { type: 'Sleep', when: { afterMs: 5 } },
      { type: 'Wake', when: { afterMs: 5 } },
    ];
    const burst = [property(), pinGet, cancel(0, 'filter:0')];
    const outcome = await everySchedule([burst], {}, life);
    expect(outcome.violations.map(({ property: name, message }) => `${name}: ${message}`)).toEqual([]);
    expect([outcome.verdict, outcome.exhausted]).toEqual(['holds', true]);
    expect(outcome.witnesses['a request is let go of']?.reached).toBe(true);
    expect(outcome.witnesses['a request waits for power']?.reached).toBe(true);
  });
});
