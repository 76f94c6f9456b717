import { describe, expect, it } from 'vitest';
import { topLevelAddress } from '../../src/kernel/address.js';
import { Actors } from '../../src/runtime/actors.js';
import { type CellId, CellKind, Cells } from '../../src/runtime/cells.js';
import { areDependent, Footprint, type Touched } from '../../src/runtime/footprint.js';
import type { Look } from '../../src/runtime/probes.js';
import type { TimerMode } from '../../src/runtime/timers.js';

// The table of architecture 4.5, row by row: `footprint.test.ts` shows what most of it is for. Of the rest it sees nothing, because
// there another row conflicts too: who takes a message or an offer also runs the actor.

const MODES: readonly TimerMode[] = ['ordered', 'urgent', 'free'];
const MESSAGE = 50;

const actors = new Actors();
const parent = actors.addTopLevel(topLevelAddress('p'));
const child = actors.namedFamily(parent, 'c').bearer(1);
const cells = new Cells();
const hosted = cells.hosted(child.index, 'x');
const names = new Map<CellId, string>([
  ...(['snapshot', 'head', 'tail', 'timers', 'budget'] as const).flatMap((kind) =>
    [parent, child].map(
      ({ index, address }) => [cells.ofActor(CellKind[kind], index), `${kind} ${address}`] as const,
    ),
  ),
  ...['p', 'p/c', 'p/c~1', 'id'].map((name) => [cells.name(name), `name ${name}`] as const),
  [cells.mention('p/c'), 'mention p/c'],
  [cells.clock, 'clock'],
  [hosted, 'x of p/c~1'],
]);

/** The cells by name; those that were touched first come first. */
function named(touched: readonly CellId[]): string {
  return touched.map((cell) => names.get(cell)).join(', ');
}

const asks = (...looks: Look[]) => ({ number: 0, key: 'asks', answer: () => 0, looks });
const every = (address: string): string =>
  ['snapshot', 'head', 'tail', 'timers', 'budget'].map((kind) => `${kind} ${address}`).join(', ');

const NO_FLAGS = { arms: false, fires: false, stops: false, sent: [] };
const flagsOf = ({ arms, fires, stops, sent }: Footprint) => ({ arms, fires, stops, sent: [...sent] });

interface Row {
  readonly what: string;
  readonly notes: (footprint: Footprint) => void;
  readonly reads?: string;
  readonly writes?: string;
  /** What it does to the clock in mode `ordered`, besides. */
  readonly clock?: 'reads' | 'writes';
  /** What it says besides. */
  readonly says?: Partial<Footprint>;
}

const { index } = child;
const ROWS: readonly Row[] = [
  { what: 'runs', notes: (of) => of.runs(index), writes: 'snapshot p/c~1' },
  { what: 'takes a message', notes: (of) => of.takesHead(index), writes: 'head p/c~1' },
  {
    what: 'appends',
    notes: (of) => of.appendsTo(index, MESSAGE),
    writes: 'tail p/c~1',
    says: { sent: [{ to: index, message: MESSAGE }] },
  },
  { what: 'looks at an actor', notes: (of) => of.looksAt(index), reads: 'snapshot p/c~1' },
  { what: 'looks a name up', notes: (of) => of.looksUp('id'), reads: 'name id' },
  { what: 'looks whether one runs', notes: (of) => of.looksWhetherRuns(parent), reads: 'name p' },
  {
    what: 'looks whether one of a family runs',
    notes: (of) => of.looksWhetherRuns(child),
    reads: 'name p/c',
  },
  { what: 'ends', notes: (of) => of.changesLife(parent, undefined), writes: `name p, ${every('p')}` },
  {
    what: 'ends one of a family, with a system id',
    notes: (of) => of.changesLife(child, 'id'),
    writes: `name p/c, name id, ${every('p/c~1')}`,
  },
  {
    what: 'arms',
    notes: (of) => of.armsTimer(index),
    writes: 'timers p/c~1',
    clock: 'reads',
    says: { arms: true },
  },
  { what: 'cancels', notes: (of) => of.cancelsTimer(index), writes: 'timers p/c~1', clock: 'reads' },
  {
    what: 'fires',
    notes: (of) => of.firesTimer(index),
    writes: 'timers p/c~1',
    clock: 'writes',
    says: { fires: true },
  },
  { what: 'takes an offer', notes: (of) => of.takesOffer(index), writes: 'budget p/c~1' },
  {
    what: 'gives a name',
    notes: (of) => of.mentions('p/c'),
    reads: 'mention p/c',
    writes: 'mention p/c',
  },
  {
    what: 'asks',
    notes: (of) => of.asks(asks({ at: 'snapshot', actor: index }, { at: 'name', name: 'id' })),
    reads: 'snapshot p/c~1, name id',
  },
  {
    what: 'asks for what a host holds, and a free name',
    notes: (of) => of.asks(asks({ at: 'hosted', cell: hosted }, { at: 'mention', family: 'p/c' })),
    reads: 'x of p/c~1, mention p/c',
    writes: 'mention p/c',
  },
];

describe.each(MODES)('in mode %s a step that', (mode) => {
  it.each(ROWS)('$what touches just these cells, each once, until the next one', (row) => {
    const { notes, reads, writes, clock, says } = row;
    const footprint = new Footprint(cells, mode);
    const all = (cells: string | undefined, way: 'reads' | 'writes'): string =>
      [cells ?? [], mode === 'ordered' && clock === way ? 'clock' : []].flat().join(', ');
    const expectRow = (): void => {
      expect(named(footprint.reads)).toBe(all(reads, 'reads'));
      expect(named(footprint.writes)).toBe(all(writes, 'writes'));
      expect(flagsOf(footprint)).toEqual({ ...NO_FLAGS, ...says });
    };
    footprint.begin();
    notes(footprint);
    expectRow();
    const { touched } = footprint;
    const count = touched.reads.length + touched.writes.length;
    notes(footprint);
    expect(footprint.touched).toEqual(touched);
    footprint.stops = true;
    footprint.begin();
    expect([footprint.reads, footprint.writes, flagsOf(footprint)]).toEqual([[], [], NO_FLAGS]);
    expect(touched.reads.length + touched.writes.length).toBe(count);
    notes(footprint);
    expectRow();
  });
});

it('a step that touches a late one of many cells says so once', () => {
  const footprint = new Footprint(cells, 'free');
  const late = 1000;
  footprint.begin();
  for (let times = 0; times < 2; times++) {
    footprint.read(late);
    footprint.write(late);
  }
  expect(footprint.touched).toEqual({ reads: [late], writes: [late], fires: false });
});

describe('two steps', () => {
  const step = (reads: CellId[], writes: CellId[], fires = false): Touched => ({ reads, writes, fires });
  const inBothOrders = (a: Touched, b: Touched, mode: TimerMode): boolean[] => [
    areDependent(a, b, mode),
    areDependent(b, a, mode),
  ];

  it.each(MODES)('depend on each other where one writes what the other touches: %s', (mode) => {
    expect(inBothOrders(step([], [1]), step([], [1]), mode)).toEqual([true, true]);
    expect(inBothOrders(step([1], []), step([], [1]), mode)).toEqual([true, true]);
    expect(inBothOrders(step([1], [2]), step([1], [3]), mode)).toEqual([false, false]);
  });

  it('depend on each other where time stands still and one fires', () => {
    const depend = MODES.map((mode) => inBothOrders(step([], [], true), step([], []), mode));
    expect(depend).toEqual([
      [false, false],
      [true, true],
      [false, false],
    ]);
  });
});
