import {
  defineMinidriver,
  type HW_STREAM_REQUEST_BLOCK,
  StreamClassCallAtNewPriority,
} from 'interlace/stream-class';
import { describe, expect, it } from 'vitest';
import { complete, failure, type Plain, plainMinidriver, said, say } from './plainMinidriver.js';
import { ledger, type Play, play, schedules } from './play.js';
import { cancel, opened, read, setState } from './requests.js';
import { stubDescriptor } from './stubMinidriver.js';

const seeds = Array.from({ length: 24 }, (_, i) => i + 1);
const bursts = [...opened, [setState('KSSTATE_PAUSE')], [read(), cancel('client.irp0')]];
const lastAnswer = (p: Play) => p.run.world.snapshot('client')?.context.answers.at(-1);

interface List {
  reads: HW_STREAM_REQUEST_BLOCK[];
}

/**
 * A minidriver of mode OFF that keeps reads in a list, and does something else before it puts one there. Its cancel routine looks
 * into the list. `looks`: behind that it looks at Irp→Cancel, as D-046 demands.
 */
function keeping(looks: boolean) {
  /** Of an SRB that has been given back there is nothing left (D-045). */
  const list = (srb: HW_STREAM_REQUEST_BLOCK) => (srb.HwDeviceExtension as List | undefined)?.reads ?? [];
  function* giveBack(srb: HW_STREAM_REQUEST_BLOCK) {
    const reads = list(srb);
    if (!reads.includes(srb)) return;
    reads.splice(reads.indexOf(srb), 1);
    srb.Status = 'STATUS_CANCELLED';
    yield* complete(srb);
  }
  function* receive(srb: HW_STREAM_REQUEST_BLOCK) {
    srb.Status = 'STATUS_SUCCESS';
    if (srb.Command !== 'SRB_READ_DATA') return yield* complete(srb);
    srb.TimeoutCounter = 0;
    yield* say('receives');
    list(srb).push(srb);
    if (looks && srb.Irp?.Cancel) yield* giveBack(srb);
  }
  function* HwReceivePacket(srb: HW_STREAM_REQUEST_BLOCK) {
    const object = srb.StreamObject;
    if (srb.CommandData.ConfigInfo) srb.CommandData.ConfigInfo.StreamDescriptorSize = 1;
    const { NumberOfStreams, StreamInfo } = stubDescriptor(1);
    if (srb.Command === 'SRB_GET_STREAM_INFO') srb.CommandData.StreamBuffer = { NumberOfStreams, StreamInfo };
    if (object) object.ReceiveDataPacket = object.ReceiveControlPacket = receive;
    yield* receive(srb);
  }
  function* HwCancelPacket(srb: HW_STREAM_REQUEST_BLOCK) {
    yield* giveBack(srb);
  }
  return defineMinidriver({
    name: 'keeping',
    registration: {
      ...{ HwReceivePacket, HwCancelPacket },
      DeviceExtension: { reads: [] },
      TurnOffSynchronization: true,
    },
    routines: { receive },
  });
}

describe('Irp→Cancel', () => {
  it('is there with every request of a client, and not with those of the class driver (A-010, A-050)', () => {
    const note = function* (srb: HW_STREAM_REQUEST_BLOCK) {
      yield* say(`${srb.Command} ${srb.Irp?.Cancel}`);
    };
    const commands = [
      'SRB_INITIALIZE_DEVICE',
      'SRB_OPEN_STREAM',
      'SRB_SET_STREAM_STATE',
      'SRB_READ_DATA',
    ] as const;
    const on = Object.fromEntries(commands.map((command) => [command, note]));
    const p = play({ bursts: bursts.with(-1, [read()]), minidriver: plainMinidriver({ on }) });
    expect(said(p)).toEqual([
      'SRB_INITIALIZE_DEVICE undefined',
      'SRB_OPEN_STREAM false',
      'SRB_SET_STREAM_STATE false',
      'SRB_READ_DATA false',
    ]);
  });

  it('tells a receive routine of mode OFF that the cancel routine has looked too early (D-046)', () => {
    const stuck = (looks: boolean) => {
      const minidriver = keeping(looks);
      return seeds.filter((seed) => {
        const p = play({ seed, bursts, minidriver });
        expect(failure(p)).toBe('undefined');
        expect(ledger(p).errors).toEqual([]);
        const isStuck = ledger(p).irps.length > 0;
        if (!isStuck) expect(lastAnswer(p)).toBe('STATUS_CANCELLED');
        return isStuck;
      });
    };
    expect(stuck(false).length).toBeGreaterThan(0);
    expect(stuck(true)).toEqual([]);
  });

  it('is set for whoever polls it before the cancel routine can run: in ON while the lock is held (A-030)', () => {
    interface Work {
      readonly srb: HW_STREAM_REQUEST_BLOCK;
    }
    function* High({ srb }: Work) {
      srb.Status = 'STATUS_CANCELLED';
      yield* complete(srb);
    }
    function* Low(work: Work) {
      const { srb } = work;
      while (!srb.Irp?.Cancel) yield* say('works');
      yield* say('sees');
      yield* StreamClassCallAtNewPriority(srb.StreamObject, srb.HwDeviceExtension, 'LowToHigh', High, work);
    }
    const on: Plain['on'] = {
      *SRB_READ_DATA(srb) {
        yield* StreamClassCallAtNewPriority(srb.StreamObject, srb.HwDeviceExtension, 'Low', Low, { srb });
        // The lock is held for long.
        for (let i = 0; i < 30; i++) yield* say('holds');
        return 'keeps';
      },
    };
    const early = schedules.filter((schedule) => {
      const minidriver = plainMinidriver({ routines: { High, Low }, on });
      const p = play({ ...schedule, bursts, minidriver });
      expect(failure(p)).toBe('undefined');
      expect(lastAnswer(p)).toBe('STATUS_CANCELLED');
      const all = said(p);
      return all.includes('sees') && all.lastIndexOf('holds') > all.indexOf('sees');
    });
    expect(early.length).toBeGreaterThan(0);
  });
});
