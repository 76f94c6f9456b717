import { defineSystem, type LogicSource } from 'interlace';
import {
  classDriver,
  type HW_STREAM_REQUEST_BLOCK,
  KeAcquireSpinLock,
  KeGetCurrentIrql,
  KeInitializeSpinLock,
  KeReleaseSpinLock,
  type KSPIN_LOCK,
  pnpManager,
  synchronizer,
  watchdog,
} from 'interlace/stream-class';
import { describe, expect, it } from 'vitest';
import { everyState } from '../explore/everyState.js';
import { complete, failure, type Plain, plainMinidriver, said, say, type Work } from './plainMinidriver.js';
import { play } from './play.js';
import { cancel, cleanup, close, opened, read, setState } from './requests.js';
import { type Request, scriptedRequester } from './scriptedRequester.js';
import { softwareMinidriver } from './softwareMinidriver.js';

interface Extension {
  readonly A: KSPIN_LOCK;
  readonly B: KSPIN_LOCK;
}
const locksOf = (srb: HW_STREAM_REQUEST_BLOCK) => srb.HwDeviceExtension as Extension;
const seeds = Array.from({ length: 24 }, (_, i) => i + 1);
const readTwice = [...opened, [read(), read()]];

/** A minidriver with two locks that does something with each read. */
function locking(work: Work, plain: Plain = {}): LogicSource {
  return plainMinidriver({
    ...{ off: true, extension: { A: {}, B: {} }, ...plain },
    on: { SRB_INITIALIZE_DEVICE: makeLocks, SRB_READ_DATA: work },
  });
}

function* makeLocks(srb: HW_STREAM_REQUEST_BLOCK) {
  yield* KeInitializeSpinLock(locksOf(srb).A);
  yield* KeInitializeSpinLock(locksOf(srb).B);
}

/** The stack without hardware around a minidriver. */
const systemOf = (minidriver: LogicSource, bursts: readonly (readonly Request[])[]) =>
  defineSystem({
    name: 'software only',
    timers: 'urgent',
    actors: {
      pnpManager: { logic: pnpManager },
      classDriver: { logic: classDriver },
      synchronizer: { logic: synchronizer },
      watchdog: { logic: watchdog },
      client: { logic: scriptedRequester, input: { bursts } },
      minidriver: { logic: minidriver },
    },
  });

const lives = [
  ...opened,
  [setState('KSSTATE_PAUSE')],
  [read(), read(), cancel('client.irp0'), cancel('client.irp1')],
  ...[[cleanup('pin:0')], [close('pin:0')], [cleanup('filter:0')], [close('filter:0')]],
];

describe('a software driver that locks its list', () => {
  it('holds in every schedule, and ends what is cancelled once (D-016, D-045, D-046)', async () => {
    const { verdict, exhausted, violations, statistics } = await everyState(
      systemOf(softwareMinidriver(), lives),
    );
    expect(violations).toEqual([]);
    expect({ verdict, exhausted }).toEqual({ verdict: 'holds', exhausted: true });
    expect(statistics.states).toBe(147_747);
  }, 300_000);

  it('and forgets the lock has a data race (INV-003, INV-005)', async () => {
    const { violations } = await everyState(systemOf(softwareMinidriver({ locks: false }), lives));
    expect(violations[0]).toMatchObject({ property: 'no data race', shortest: true });
    expect(violations[0]?.message).toContain(
      'data race: ReceiveDataPacket and ReceiveDataPacket-2 touch HwDeviceExtension->reads',
    );
  });
});

describe('a spin lock', () => {
  it('raises its holder to DISPATCH_LEVEL and lowers it again, nested locks too (D-075)', () => {
    const work: Work = function* (srb) {
      const { A, B } = locksOf(srb);
      const level = function* () {
        yield* say(String(yield* KeGetCurrentIrql()));
      };
      yield* level();
      const first = yield* KeAcquireSpinLock(A);
      yield* level();
      const second = yield* KeAcquireSpinLock(B);
      yield* KeReleaseSpinLock(B, second);
      yield* level();
      yield* KeReleaseSpinLock(A, first);
      yield* level();
      yield* say(`${first} ${second}`);
    };
    const p = play({ minidriver: locking(work), bursts: [...opened, [read()]] });
    expect(failure(p)).toBe('undefined');
    expect(said(p)).toEqual(['0', '2', '2', '0', '0 2']);
  });

  it('lets one in at a time, and nobody else on its processor (D-071, D-075)', () => {
    const work: Work = function* (srb) {
      const { A } = locksOf(srb);
      yield* say('outside');
      const OldIrql = yield* KeAcquireSpinLock(A);
      yield* say('in');
      yield* say('out');
      yield* KeReleaseSpinLock(A, OldIrql);
    };
    const between = (processors: number): Set<unknown> =>
      new Set(
        seeds.flatMap((seed) => {
          const p = play({ seed, minidriver: locking(work, { processors }), bursts: readTwice });
          expect(failure(p)).toBe('undefined');
          const all = said(p);
          return all.flatMap((text, i) => (text === 'in' ? [all[i + 1]] : []));
        }),
      );
    expect(between(1)).toEqual(new Set(['out']));
    expect(between(2)).toEqual(new Set(['out', 'outside']));
  });

  it('is spun on: its second taker goes on when the first has given it back', () => {
    const work: Work = function* (srb) {
      const OldIrql = yield* KeAcquireSpinLock(locksOf(srb).A);
      yield* KeReleaseSpinLock(locksOf(srb).A, OldIrql);
    };
    for (const seed of seeds) {
      const p = play({ seed, minidriver: locking(work), bursts: readTwice });
      expect(p.run.world.snapshot('client')?.context.answers).toEqual(Array(4).fill('STATUS_SUCCESS'));
      const { HwDeviceExtension } = p.run.world.snapshot('minidriver')?.context ?? {};
      expect(HwDeviceExtension).toEqual({ A: { Holder: null }, B: { Holder: null } });
    }
  });

  it('that two take in two orders is a deadlock that a check finds (INV-078, D-092)', async () => {
    const both = function* (first: KSPIN_LOCK, second: KSPIN_LOCK) {
      const outer = yield* KeAcquireSpinLock(first);
      const inner = yield* KeAcquireSpinLock(second);
      yield* KeReleaseSpinLock(second, inner);
      yield* KeReleaseSpinLock(first, outer);
    };
    const order = (reads: boolean): Work =>
      function* (srb) {
        const { A, B } = locksOf(srb);
        yield* reads ? both(A, B) : both(B, A);
      };
    const checked = (turned: boolean) => {
      const minidriver = plainMinidriver({
        ...{ off: true, extension: { A: {}, B: {} } },
        on: {
          SRB_INITIALIZE_DEVICE: makeLocks,
          SRB_READ_DATA: order(true),
          SRB_SET_STREAM_STATE: order(!turned),
        },
      });
      return everyState(systemOf(minidriver, [...opened, [setState('KSSTATE_PAUSE'), read()]]), {
        builtIn: { deadlock: true },
      });
    };
    const { violations } = await checked(true);
    expect(violations[0]).toMatchObject({ property: 'no deadlock', shortest: true });
    expect((await checked(false)).violations).toEqual([]);
  });
});

describe('a minidriver fails', () => {
  const fails = (work: Work, plain: Plain = {}): string =>
    failure(play({ minidriver: locking(work, plain), bursts: [...opened, [read()]] }));
  const acquire = (srb: HW_STREAM_REQUEST_BLOCK) => KeAcquireSpinLock(locksOf(srb).A);

  it('that asks for a lock that it holds: it would wait for itself (D-079, INV-078)', () => {
    const text = fails(function* (srb) {
      yield* acquire(srb);
      yield* acquire(srb);
    });
    expect(text).toContain('KeAcquireSpinLock was called for HwDeviceExtension->A, which it holds');
  });

  it('that returns with a lock, or gives back what it has not (INV-106)', () => {
    const keeps: Work = function* (srb) {
      yield* acquire(srb);
      return 'keeps';
    };
    expect(fails(keeps)).toContain('ReceiveDataPacket returned with the spin lock HwDeviceExtension->A held');
    const text = fails(function* (srb) {
      yield* KeReleaseSpinLock(locksOf(srb).A, 0);
    });
    expect(text).toContain('which it does not hold (D-075, INV-106)');
  });

  it('that lowers itself to where it was not, or lowers itself under a lock (D-075, INV-106)', () => {
    const wrong = fails(function* (srb) {
      yield* acquire(srb);
      yield* KeReleaseSpinLock(locksOf(srb).A, 2);
    });
    expect(wrong).toContain('with the level 2; it was raised from 0');
    const crossed = fails(function* (srb) {
      const OldIrql = yield* acquire(srb);
      yield* KeAcquireSpinLock(locksOf(srb).B);
      yield* KeReleaseSpinLock(locksOf(srb).A, OldIrql);
    });
    expect(crossed).toContain('which lowers the level while it holds HwDeviceExtension->B');
  });

  it('that completes a request with a lock held, in OFF (A-016, INV-110)', () => {
    const work: Work = function* (srb) {
      const OldIrql = yield* acquire(srb);
      const { A } = locksOf(srb);
      yield* complete(srb);
      yield* KeReleaseSpinLock(A, OldIrql);
      return 'keeps';
    };
    expect(fails(work)).toContain('with the spin lock HwDeviceExtension->A held: the IRP is completed');
    // Without an interrupt routine, in ON: completed by a DPC later.
    expect(fails(work, { off: false })).toBe('undefined');
  });

  it('that takes one above DISPATCH_LEVEL, or one that is none yet (D-075, INV-107)', () => {
    function* HwInterrupt() {
      yield* say('never');
      return false;
    }
    expect(fails(acquire, { off: false, HwInterrupt })).toContain('INV-107');
    const text = fails(function* (srb) {
      const extension = srb.HwDeviceExtension as { C?: KSPIN_LOCK };
      extension.C = {};
      yield* KeAcquireSpinLock(extension.C);
    });
    expect(text).toContain('which KeInitializeSpinLock has not been called for');
  });
});

describe('races', () => {
  it('are looked for where the minidriver does the locking, and a TimeoutCounter has none (D-016, D-103, J13)', async () => {
    const counting = (member: 'count' | 'TimeoutCounter'): Work =>
      function* (srb) {
        const extension = srb.HwDeviceExtension as Record<string, number>;
        yield* say('counts');
        extension[member] = (extension[member] ?? 0) + 1;
      };
    const racing = async (member: 'count' | 'TimeoutCounter', off: boolean) => {
      const minidriver = plainMinidriver({
        ...{ off, extension: { count: 0, TimeoutCounter: 0 } },
        on: { SRB_READ_DATA: counting(member) },
      });
      const { violations } = await everyState(systemOf(minidriver, readTwice), {
        builtIn: { deadlock: false },
      });
      return violations.map(({ message }) => message);
    };
    expect(await racing('count', true)).toEqual([
      'minidriver: data race: ReceiveDataPacket and ReceiveDataPacket-2 touch HwDeviceExtension.count',
    ]);
    expect(await racing('TimeoutCounter', true)).toEqual([]);
    expect(await racing('count', false)).toEqual([]);
  });
});
