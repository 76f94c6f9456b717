import { describe, expect, it } from 'vitest';
import { type Play, play, unhandled } from './play.js';
import { opened, read, setState } from './requests.js';
import type { Request } from './scriptedRequester.js';
import type { StubInput } from './stubMinidriver.js';

const OK = 'STATUS_SUCCESS';
const CANCELLED = 'STATUS_CANCELLED';
const NOT_READY = 'STATUS_DEVICE_NOT_READY';

const reset = (Value: string, change: object = {}): Request => ({
  ...{ type: 'IOCTL_KS_RESET_STATE', FileObject: 'pin:0', InputLength: 4, Value },
  ...change,
});
const begin = reset('KSRESET_BEGIN');
const end = reset('KSRESET_END');

/** What has gone to the minidriver since the stream was opened. */
function srbs({ steps }: Play): string[] {
  const calls = steps.flatMap(({ sent }) => sent.filter(({ event }) => event.type === 'CallMinidriver'));
  const commands = calls.map(({ event }) => {
    const { Command } = Reflect.get(event, 'srb');
    return Reflect.get(event, 'callback') === 'HwCancelPacket' ? `cancel ${Command}` : Command;
  });
  return commands.slice(commands.indexOf('SRB_OPEN_STREAM') + 1);
}

function asked(bursts: readonly (readonly Request[])[], stub: StubInput = {}, seed = 1) {
  const p = play({ bursts: [...opened, ...bursts], stub, seed });
  expect(unhandled(p)).toEqual([]);
  const answers: string[] = p.run.world.snapshot('client')?.context.answers.slice(opened.length);
  return { answers, srbs: srbs(p) };
}

describe('a reset', () => {
  it('keeps data away from its begin to its end (C-057, C-058, G-077, J24)', () => {
    expect(asked([[read()], [begin], [read()], [end], [read()]])).toEqual({
      answers: [OK, OK, NOT_READY, OK, OK],
      srbs: ['SRB_READ_DATA', 'SRB_BEGIN_FLUSH', 'SRB_END_FLUSH', 'SRB_READ_DATA'],
    });
  });

  it('cancels the reads that are there, queued or owned, before the minidriver hears of it (C-058)', () => {
    for (const seed of [1, 2, 3, 4]) {
      const bursts = [[setState('KSSTATE_PAUSE')], [read(), read(), begin]];
      const { answers, srbs: sent } = asked(bursts, { neverReadyForData: true }, seed);
      expect(answers.toSorted()).toEqual([OK, OK, CANCELLED, CANCELLED].toSorted());
      // One was on its way or owned, the other queued.
      const [, ...rest] = sent;
      expect(rest).toEqual(['SRB_READ_DATA', 'cancel SRB_READ_DATA', 'SRB_BEGIN_FLUSH']);
    }
  });

  it('is not ended by a change of state (C-057)', () => {
    expect(asked([[begin], [setState('KSSTATE_PAUSE')], [read()]]).answers).toEqual([OK, OK, NOT_READY]);
  });

  it('begins once and ends once: the minidriver is told no more than that', () => {
    expect(asked([[end], [begin], [begin], [end], [end]])).toEqual({
      answers: [OK, OK, OK, OK, OK],
      srbs: ['SRB_BEGIN_FLUSH', 'SRB_END_FLUSH'],
    });
  });

  it('succeeds when the minidriver does not know it, and fails as the minidriver says (A-067)', () => {
    const answering = (status: 'STATUS_NOT_IMPLEMENTED' | 'STATUS_IO_DEVICE_ERROR') =>
      asked([[begin]], { answers: { SRB_BEGIN_FLUSH: status } }).answers;
    expect(answering('STATUS_NOT_IMPLEMENTED')).toEqual([OK]);
    expect(answering('STATUS_IO_DEVICE_ERROR')).toEqual(['STATUS_IO_DEVICE_ERROR']);
  });

  it('that is malformed, or not of a stream, never reaches the minidriver (G-002, G-004, G-078)', () => {
    const refused = (change: object) => {
      const { answers, srbs: sent } = asked([[reset('KSRESET_BEGIN', change)]]);
      expect(sent).toEqual([]);
      return answers;
    };
    expect(refused({ InputLength: 3 })).toEqual(['STATUS_INVALID_BUFFER_SIZE']);
    expect(refused({ Value: 'KSRESET_PAUSE' })).toEqual(['STATUS_INVALID_PARAMETER']);
    expect(refused({ FileObject: 'filter:0' })).toEqual(['STATUS_INVALID_DEVICE_REQUEST']);
    // What is wrong with a read is said first.
    expect(asked([[begin], [read(1)]]).answers).toEqual([OK, 'STATUS_INVALID_PARAMETER']);
  });
});
