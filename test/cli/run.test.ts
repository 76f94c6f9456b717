import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundledClip } from '../../src/cli/catalog.js';
import { ascii } from '../stream/frames/memoryBytes.js';
import { interlace } from './commandLine.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'interlace run '));
});
afterEach(() => rmSync(folder, { recursive: true }));

const inFolder = (name: string): string => join(folder, name);

function put(name: string, content: string | Uint8Array): string {
  writeFileSync(inFolder(name), typeof content === 'string' ? ascii(content) : content);
  return inFolder(name);
}

/** Payload of a y4m file with plain FRAME lines. */
function payloadHash(file: string, frameBytes: number): string {
  const bytes = readFileSync(file);
  const hash = createHash('sha256');
  for (let at = bytes.indexOf('\n') + 1; at < bytes.length; at += 6 + frameBytes)
    hash.update(bytes.subarray(at + 6, at + 6 + frameBytes));
  return hash.digest('hex');
}

const clip = 'YUV4MPEG2 W4 H2 F25:1 Cmono\nFRAME\n01234567FRAME\nabcdefghFRAME\nABCDEFGH';

describe('interlace run, with frames', () => {
  it('plays the bundled clip, writes it out again, and prints the document of the contract', async () => {
    const out = inFolder('out.y4m');
    const { code, out: text, err } = await interlace(['run', 'stub', '--json', '--out', out]);
    expect([code, err]).toEqual([0, '']);
    expect(readFileSync(out).equals(readFileSync(bundledClip()))).toBe(true);
    expect(JSON.parse(text)).toEqual({
      formatVersion: 1,
      scenario: 'stub',
      seed: 1,
      end: 'quiescent',
      steps: expect.any(Number),
      virtualTimeMs: expect.any(Number),
      streams: [
        {
          name: 'capture',
          framesCaptured: 30,
          framesDelivered: 30,
          framesDropped: 0,
          sha256: payloadHash(bundledClip(), 4608),
          gaps: [],
          faults: [],
          faultCount: 0,
        },
      ],
      irps: { completed: 30, failed: 0, cancelled: 4 },
      events: { enabled: 0, signalled: 0 },
      failures: [],
    });
  });

  it('is the same to the byte for the same seed, and another timeline for some other', async () => {
    const run = async (seed: number) =>
      (await interlace(['run', 'stub', '--timeline', '--seed', `${seed}`])).out;
    const first = await run(1);
    expect(await run(1)).toBe(first);
    const withoutSeed = (text: string) => text.replace(/\(seed \d+\)/, '');
    const others = await Promise.all([2, 3, 4, 5].map(run));
    expect(others.some((other) => withoutSeed(other) !== withoutSeed(first))).toBe(true);
  });

  it('shows the first and the last frames, says what is left out, and sums up', async () => {
    const { out } = await interlace(['run', 'stub']);
    const lines = out.split('\n');
    expect(out).toContain('emits FrameDelivered(address: 16777216, bytes: 4608, presentationTime: 0)');
    expect(out).toMatch(/\n\n {2}… \d+ steps are not shown; --timeline shows all …\n\n/);
    expect(out).toContain('presentationTime: 11600000)');
    expect(out).not.toContain('presentationTime: 6000000)');
    expect(lines.slice(lines.indexOf('') + 1).join('\n')).toContain(
      [
        'nothing is left to do (seed 1)',
        '',
        'frames    30 captured, 30 delivered, 0 dropped',
        '          every frame that was not dropped arrived bit for bit and in order',
        `sha256    ${payloadHash(bundledClip(), 4608)}`,
        'requests  30 completed, 0 failed, 4 cancelled',
        '',
      ].join('\n'),
    );
  });

  it('shows every step with --timeline', async () => {
    const { out } = await interlace(['run', 'stub', '--timeline']);
    expect(out).not.toContain('not shown');
    expect(out.match(/emits FrameDelivered/g)).toHaveLength(30);
  });

  it('takes the number of buffers and the delay of the client, and says what was dropped', async () => {
    const { code, out } = await interlace(['run', 'stub', '--buffers', '1', '--client-delay', '500']);
    expect(code).toBe(0);
    expect(out).toContain('frames    30 captured, 5 delivered, 25 dropped\ndropped   3-12, 14-25, 27-29\n');
  });

  it('does not claim that frames arrived when none did', async () => {
    const empty = put('empty.y4m', 'YUV4MPEG2 W4 H2 F25:1 Cmono\n');
    const { code, out } = await interlace(['run', 'stub', '--frames', empty]);
    expect(code).toBe(0);
    expect(out).toContain('frames    0 captured, 0 delivered, 0 dropped\nsha256    e3b0c44298fc');
  });

  it('takes frames from a file and writes over an older output, also through a link', async () => {
    const input = put('in.y4m', clip);
    put('real.y4m', 'older');
    symlinkSync('real.y4m', inFolder('link.y4m'));
    const { code, out } = await interlace(['run', 'stub', '--frames', input, '--out', inFolder('link.y4m')]);
    expect(code).toBe(0);
    expect(out).toContain(`written   ${inFolder('link.y4m')}, 3 frames`);
    expect(readFileSync(inFolder('real.y4m'), 'latin1')).toBe(clip);
    expect(readdirSync(folder).sort()).toEqual(['in.y4m', 'link.y4m', 'real.y4m']);
  });

  it('writes to a device without putting a file in its place', async () => {
    const { code } = await interlace(['run', 'stub', '--out', '/dev/null']);
    expect(code).toBe(0);
    expect(readFileSync('/dev/null')).toHaveLength(0);
  });

  it('finds a driver that moves the wrong bytes, ends with 1, and leaves an older output alone', async () => {
    const out = put('out.y4m', 'older');
    const text = await interlace(['run', 'swapped', '--out', out]);
    expect(text.code).toBe(1);
    expect(text.out).toContain('violated  frame 0 arrived damaged: byte 0 is ');
    expect(text.out).toContain('          and 20 more\n');
    expect(text.out).toContain(`not written: ${out}\n`);
    expect(text.out).not.toContain('bit for bit');
    const json = await interlace(['run', 'swapped', '--json']);
    expect([json.code, JSON.parse(json.out).streams[0].faultCount]).toEqual([1, 30]);
    expect(readFileSync(out, 'latin1')).toBe('older');
    expect(readdirSync(folder)).toEqual(['out.y4m']);
  });

  it('stops after --max-steps, and keeps the frames that have arrived', async () => {
    const out = inFolder('out.y4m');
    const { code, out: text } = await interlace(['run', 'stub', '--max-steps', '60', '--json', '--out', out]);
    const document = JSON.parse(text);
    expect(document).toMatchObject({ end: 'steps', steps: 60 });
    expect(code).toBe(0);
    expect(document.streams[0].framesDelivered).toBeGreaterThan(0);
    expect(document.streams[0].sha256).toBe(payloadHash(out, 4608));
  });

  it('shows progress to a person, and wipes it away', async () => {
    const { err } = await interlace(['run', 'stub'], { showsProgress: true });
    expect(err).toBe('\rframe 26 of 30\r\u001b[K');
  });

  it.each([['--json'], []])('stops at Ctrl-C with what it has (%s)', async (...json) => {
    const out = put('out.y4m', 'older');
    const controller = new AbortController();
    setImmediate(() => controller.abort(130));
    const ending = await interlace(['run', 'stub', '--out', out, ...json], { signal: controller.signal });
    expect(ending.code).toBe(130);
    if (json.length > 0) expect(JSON.parse(ending.out)).toMatchObject({ end: 'abort', scenario: 'stub' });
    else expect(ending.out).toContain('interrupted (seed 1)');
    expect(readFileSync(out, 'latin1')).toBe('older');
    expect(readdirSync(folder)).toEqual(['out.y4m']);
  });

  it('ends quietly when nobody reads any more, but finishes an output', async () => {
    const out = inFolder('out.y4m');
    const alone = await interlace(['run', 'stub', '--timeline'], { readerLeavesAfter: 10 });
    expect([alone.code, alone.err]).toEqual([0, '']);
    expect(alone.out).not.toContain('sha256');
    expect((await interlace(['run', 'stub', '--out', out], { readerLeavesAfter: 10 })).code).toBe(0);
    expect(readFileSync(out).equals(readFileSync(bundledClip()))).toBe(true);
  });
});

describe('interlace run, misused', () => {
  const cases: [what: string, argv: (file: (name: string) => string) => string[], message: string][] = [
    [
      'an unknown scenario',
      () => ['camel'],
      "there is no scenario 'camel'; run `interlace list` to see them all",
    ],
    [
      'a missing file',
      (f) => ['stub', '--frames', f('gone.y4m')],
      'gone.y4m cannot be read: there is no such file',
    ],
    ['a folder as input', (f) => ['stub', '--frames', f('folder')], 'folder is a folder; give a .y4m file'],
    ['a device as input', () => ['stub', '--frames', '/dev/null'], '/dev/null is no regular file'],
    ['no clip', (f) => ['stub', '--frames', f('none.y4m')], 'none.y4m: malformed at byte 0'],
    [
      'an empty file',
      (f) => ['stub', '--frames', f('empty')],
      'empty: truncated at byte 0: the file is empty',
    ],
    [
      'a truncated clip',
      (f) => ['stub', '--frames', f('short.y4m')],
      'short.y4m: truncated at byte 69: frame 2 needs 8',
    ],
    [
      'a clip that is broken late',
      (f) => ['stub', '--frames', f('late.y4m')],
      'late.y4m: malformed at byte 61',
    ],
    [
      'a clip of giants',
      (f) => ['stub', '--frames', f('giant.y4m')],
      'truncated at byte 47: frame 0 needs 805306368',
    ],
    [
      'a seed that is none',
      () => ['stub', '--seed', 'abc'],
      "argument 'abc' is invalid. Use a whole number, 0 or more.",
    ],
    [
      'no buffers',
      () => ['stub', '--buffers', '0'],
      "argument '0' is invalid. Use a whole number from 1 to 1000.",
    ],
    ['a negative delay', () => ['stub', '--client-delay', '-1'], "argument '-1' is invalid"],
    [
      'no steps',
      () => ['stub', '--max-steps', '0'],
      "argument '0' is invalid. Use a whole number, 1 or more.",
    ],
    [
      'the input as output',
      (f) => ['stub', '--frames', f('in.y4m'), '--out', f('in.y4m')],
      'in.y4m itself; give --out',
    ],
    [
      'it by another name',
      (f) => ['stub', '--frames', f('in.y4m'), '--out', f('link.y4m')],
      'in.y4m itself; give --out',
    ],
    [
      'an output in no folder',
      (f) => ['stub', '--out', f('gone/out.y4m')],
      'out.y4m cannot be written: there is no such',
    ],
    [
      'an output in a file',
      (f) => ['stub', '--out', f('in.y4m/out.y4m')],
      'cannot be written: a part of its path is no',
    ],
    [
      'a folder as output',
      (f) => ['stub', '--out', f('folder')],
      'folder is a folder; give a file that can be written',
    ],
    [
      'frames for a system without',
      () => ['ping-pong', '--out', 'x'],
      "'ping-pong' carries no frames; leave out --out",
    ],
    ['an option that is none', () => ['stub', '--loudly'], "unknown option '--loudly'"],
  ];

  beforeEach(() => {
    put('in.y4m', clip);
    put('older.y4m', 'older');
    put('none.y4m', 'no clip');
    put('empty', '');
    put('short.y4m', clip.slice(0, -1));
    put('late.y4m', clip.replace('FRAME\nABC', 'FRAMES\nABC'));
    put('giant.y4m', 'YUV4MPEG2 W16384 H16384 F25:1 C444\nFRAME\n012345');
    mkdirSync(inFolder('folder'));
    symlinkSync('in.y4m', inFolder('link.y4m'));
  });

  it.each(cases)('refuses %s in one sentence, with nothing made or changed', async (_, argv, message) => {
    const before = readdirSync(folder);
    const older = inFolder('older.y4m');
    const words = ['run', ...argv(inFolder)];
    const { code, out, err } = await interlace(words.includes('--out') ? words : [...words, '--out', older]);
    expect(err).toContain(message);
    expect(err).toMatch(/^interlace: [^\n]*\n$/);
    expect([code, out]).toEqual([2, '']);
    const json = await interlace([...words, '--json']);
    expect(json.code).toBe(2);
    expect(JSON.parse(json.out)).toEqual({ formatVersion: 1, error: expect.stringContaining(message) });
    expect(readdirSync(folder)).toEqual(before);
    expect(readFileSync(older, 'latin1')).toBe('older');
    expect(readFileSync(inFolder('in.y4m'), 'latin1')).toBe(clip);
    expect(existsSync(inFolder('gone'))).toBe(false);
  });
});

describe('interlace run, without frames', () => {
  it('plays a system and prints its schedule', async () => {
    const { code, out } = await interlace(['run', 'ping-pong', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      scenario: 'ping-pong',
      steps: 6,
      streams: [],
      irps: { completed: 0, failed: 0, cancelled: 0 },
      schedule: 'ping pong pong ping ping pong',
    });
  });
});
