import fc from 'fast-check';
import type { KSSTATE, NTSTATUS } from 'interlace/stream-class';
import { describe, expect, it } from 'vitest';
import { emitted, ledger, type Play, play, realCamera, schedules } from './play.js';
import { cleanup, close, opened, openPin, read, setState } from './requests.js';

const STOP = 'KSSTATE_STOP';
const ACQUIRE = 'KSSTATE_ACQUIRE';
const PAUSE = 'KSSTATE_PAUSE';
const RUN = 'KSSTATE_RUN';

/** The edges of C-051, written down from the page. */
const edges = new Set([
  `${STOP} ${ACQUIRE}`,
  `${ACQUIRE} ${PAUSE}`,
  `${STOP} ${PAUSE}`,
  `${PAUSE} ${RUN}`,
  `${RUN} ${PAUSE}`,
  `${PAUSE} ${STOP}`,
  `${PAUSE} ${ACQUIRE}`,
  `${ACQUIRE} ${STOP}`,
]);

/** What a stream answers to such requests, and what of them the minidriver gets. */
function expected(requests: readonly KSSTATE[]) {
  let state: KSSTATE = STOP;
  const delivered: KSSTATE[] = [];
  const answers = requests.map((next): NTSTATUS => {
    if (next === state) return 'STATUS_SUCCESS';
    if (!edges.has(`${state} ${next}`)) return 'STATUS_INVALID_DEVICE_STATE';
    delivered.push(next);
    state = next;
    return 'STATUS_SUCCESS';
  });
  return { answers, delivered };
}

/** What goes to the minidriver and comes back from it, in order. */
function traffic({ steps }: Play) {
  return steps.flatMap(({ sent }) =>
    sent.flatMap(({ from, to, event }) => {
      const srb = event.type === 'CallbackReturned' ? undefined : Reflect.get(event, 'srb');
      if (!srb || event.type === 'HwCancelPacket') return [];
      if (to === 'minidriver') return [{ says: `> ${srb.Command}`, srb }];
      return from === 'minidriver' ? [{ says: `< ${srb.Command}`, srb }] : [];
    }),
  );
}

describe('a stream', () => {
  it('is in STOP when it is open, and goes by the edges of C-051 alone, as often as it is asked to (C-050, C-052)', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom<KSSTATE>(STOP, ACQUIRE, PAUSE, RUN), { maxLength: 12 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 50 }),
        (requests, together, seed) => {
          const all = requests.map((state) => setState(state));
          const bursts = [...opened, ...(together ? [all] : all.map((request) => [request]))];
          const p = play({ bursts, seed });
          const { answers, delivered } = expected(requests);
          expect(p.run.world.snapshot('client')?.context.answers.slice(2)).toEqual(answers);
          const states = traffic(p).filter(({ says }) => says === '> SRB_SET_STREAM_STATE');
          expect(states.map(({ srb }) => srb.CommandData.StreamState)).toEqual(delivered);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gets control and data requests between the completion of SRB_OPEN_STREAM and the delivery of SRB_CLOSE_STREAM only (C-045, INV-012)', () => {
    const use = [setState(PAUSE), read(), read(), setState(RUN), cleanup('pin:0'), read(), close('pin:0')];
    const modes = [{}, { off: true }, { interrupts: false }];
    for (const schedule of schedules) {
      for (const mode of modes) {
        const stub = { openMs: 10, ...mode };
        const p = play({ ...schedule, stub, bursts: [...opened, use, [openPin()], use] });
        let isOpen = false;
        let requests = 0;
        for (const { says } of traffic(p)) {
          if (says === '> SRB_CLOSE_STREAM') isOpen = false;
          const isOfStream = /^> SRB_(READ|WRITE)_DATA|^> SRB_SET_STREAM/.test(says);
          if (isOfStream) expect(isOpen).toBe(true);
          if (isOfStream) requests++;
          if (says === '< SRB_OPEN_STREAM') isOpen = true;
        }
        expect(requests).toBeGreaterThan(0);
        expect(ledger(p)).toEqual({ irps: [], srbs: [], errors: [] });
      }
    }
  });
});

describe('the camera', () => {
  const moving = [read(), read(), setState(RUN), setState(PAUSE), setState(RUN), setState(PAUSE)];
  const deliveries = (p: Play) =>
    traffic(p)
      .map(({ says, srb }) => `${says} ${srb.CommandData?.StreamState ?? ''}`.trim())
      .filter((text) => /SET_STREAM|READ/.test(text));

  it('keeps its reads from RUN to PAUSE, and gives all of them back empty on the way to STOP (F-016, F-022, C-052)', () => {
    for (const schedule of schedules) {
      const bursts = [...opened, [setState(PAUSE)], [...moving, setState(STOP)]];
      const p = play({ ...schedule, bursts, minidriver: realCamera, hardware: { frames: 0 } });
      expect(ledger(p)).toEqual({ irps: [], srbs: [], errors: [] });
      const order = deliveries(p);
      const stop = order.indexOf(`> SRB_SET_STREAM_STATE ${STOP}`);
      expect(order.slice(0, stop).filter((text) => text === '< SRB_READ_DATA')).toEqual([]);
      expect(order.slice(stop).filter((text) => text === '< SRB_READ_DATA')).toHaveLength(2);
      for (const { says, srb } of traffic(p)) {
        if (says === '< SRB_READ_DATA') expect(srb.DataBufferArray[0].DataUsed).toBe(0);
      }
      expect(emitted(p, 'FrameDelivered')).toEqual([]);
    }
  });
});
