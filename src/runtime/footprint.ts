import type { ActorIndex, ActorPlace } from './actors.js';
import { type CellId, CellKind, type Cells } from './cells.js';
import { grown } from './ints.js';
import type { MessageId } from './messages.js';
import type { Probe } from './probes.js';
import type { TimerMode } from './timers.js';

/** What a step touches: the cells that it reads and writes. */
export interface Touched {
  readonly reads: readonly CellId[];
  readonly writes: readonly CellId[];
  /** Whether a timer fires. */
  readonly fires: boolean;
}

/**
 * Whether the order of two steps of different processes may matter: one writes what the other reads or writes. In mode `urgent`
 * time stands still while anything else can step, so that a firing depends on every step.
 */
export function areDependent(a: Touched, b: Touched, mode: TimerMode): boolean {
  if (mode === 'urgent' && (a.fires || b.fires)) return true;
  const meets = (one: Touched, other: Touched): boolean =>
    one.writes.some((cell) => other.reads.includes(cell) || other.writes.includes(cell));
  return meets(a, b) || meets(b, a);
}

/**
 * Notes what the present step touches. One method for each row of the table of dependence (architecture 4.5): the stepper says
 * what happens, and here alone it is decided which cells that are. Nothing that is not in the table is independent.
 *
 * | the step | cells |
 * |---|---|
 * | runs an actor | writes its snapshot |
 * | takes a message | writes the head of the mailbox |
 * | appends to a mailbox, dropped or not | writes its tail: appending and taking the head do not conflict |
 * | looks at an actor, looks a name up | reads the snapshot, the name |
 * | starts, ends or stops an actor | writes its names, and every cell of it |
 * | arms, cancels | writes the timers; `ordered`: reads the clock |
 * | fires | writes the timers; `ordered`: writes the clock |
 * | takes an offer | writes the budget |
 * | spawns at a name, adds or removes a mention of it | reads and writes the mention |
 * | touches what a host holds | what the host says |
 */
export class Footprint implements Touched {
  readonly reads: CellId[] = [];
  readonly writes: CellId[] = [];
  /** The messages that were sent, dropped or not. */
  readonly sent: { readonly to: ActorIndex; readonly message: MessageId }[] = [];
  fires = false;
  /** Whether a timer was armed. */
  arms = false;
  /** Whether an actor was stopped that was running, other than by its own end: what it would have done is lost. */
  stops = false;
  readonly #cells: Cells;
  readonly #mode: TimerMode;
  /** Per cell, the last step that has read it, and the last that has written it. */
  #readIn = new Int32Array(256);
  #writtenIn = new Int32Array(256);
  #step = 0;

  constructor(cells: Cells, mode: TimerMode) {
    this.#cells = cells;
    this.#mode = mode;
  }

  /** Begins a step. */
  begin(): void {
    this.reads.length = 0;
    this.writes.length = 0;
    this.sent.length = 0;
    this.fires = false;
    this.arms = false;
    this.stops = false;
    this.#step++;
  }

  /** What is touched now, for good. */
  get touched(): Touched {
    return { reads: [...this.reads], writes: [...this.writes], fires: this.fires };
  }

  runs(actor: ActorIndex): void {
    this.write(this.#cells.ofActor(CellKind.snapshot, actor));
  }

  takesHead(actor: ActorIndex): void {
    this.write(this.#cells.ofActor(CellKind.head, actor));
  }

  appendsTo(actor: ActorIndex, message: MessageId): void {
    this.sent.push({ to: actor, message });
    this.write(this.#cells.ofActor(CellKind.tail, actor));
  }

  /** A question was asked of the world. What it looks at was said when it was asked for the first time. */
  asks({ looks }: Probe): void {
    for (const look of looks) {
      if (look.at === 'snapshot') this.looksAt(look.actor);
      else if (look.at === 'name') this.looksUp(look.name);
      else if (look.at === 'mention') this.mentions(look.family);
      else this.read(look.cell);
    }
  }

  looksAt(actor: ActorIndex): void {
    this.read(this.#cells.ofActor(CellKind.snapshot, actor));
  }

  looksUp(name: string): void {
    this.read(this.#cells.name(name));
  }

  /** Whether an actor runs was looked at, no more. */
  looksWhetherRuns(place: ActorPlace): void {
    this.read(this.#cells.name(nameOf(place)));
  }

  /** An actor begins or ceases to run, and goes or went by a system id. */
  changesLife(place: ActorPlace, systemId: string | undefined): void {
    this.write(this.#cells.name(nameOf(place)));
    if (systemId !== undefined) this.write(this.#cells.name(systemId));
    this.write(this.#cells.ofActor(CellKind.snapshot, place.index));
    this.write(this.#cells.ofActor(CellKind.head, place.index));
    this.write(this.#cells.ofActor(CellKind.tail, place.index));
    this.write(this.#cells.ofActor(CellKind.timers, place.index));
    this.write(this.#cells.ofActor(CellKind.budget, place.index));
  }

  armsTimer(actor: ActorIndex): void {
    this.arms = true;
    this.cancelsTimer(actor);
  }

  /** Armed timers are taken away. */
  cancelsTimer(actor: ActorIndex): void {
    this.write(this.#cells.ofActor(CellKind.timers, actor));
    if (this.#mode === 'ordered') this.read(this.#cells.clock);
  }

  firesTimer(actor: ActorIndex): void {
    this.fires = true;
    this.write(this.#cells.ofActor(CellKind.timers, actor));
    if (this.#mode === 'ordered') this.write(this.#cells.clock);
  }

  takesOffer(actor: ActorIndex): void {
    this.write(this.#cells.ofActor(CellKind.budget, actor));
  }

  /** A name of a family is given, or a mention of one comes or goes. */
  mentions(family: string): void {
    const cell = this.#cells.mention(family);
    this.read(cell);
    this.write(cell);
  }

  read(cell: CellId): void {
    if (cell >= this.#readIn.length) this.#readIn = grown(this.#readIn, cell + 1);
    if (this.#readIn[cell] === this.#step) return;
    this.#readIn[cell] = this.#step;
    this.reads.push(cell);
  }

  write(cell: CellId): void {
    if (cell >= this.#writtenIn.length) this.#writtenIn = grown(this.#writtenIn, cell + 1);
    if (this.#writtenIn[cell] === this.#step) return;
    this.#writtenIn[cell] = this.#step;
    this.writes.push(cell);
  }
}

/** What a place goes by among names: those that one spawn may be given are one. */
function nameOf({ family, address }: ActorPlace): string {
  return family ?? address;
}
