import { topLevelAddress } from '../kernel/address.js';
import { invariant } from '../kernel/invariant.js';
import { reasonOf } from '../kernel/reasonOf.js';
import { UsageError } from '../kernel/usageError.js';
import type { Choice } from './choice.js';
import { ChoiceFinder, type Enabled } from './choiceFinder.js';
import { isHosted } from './host.js';
import { Hosts } from './hosts.js';
import { Layout } from './layout.js';
import { actsByItself } from './logic.js';
import { type MonitorSpec, Monitors } from './monitors.js';
import { Recorder } from './recorder.js';
import { unstarted } from './recording.js';
import { carryOver, isAtRest } from './renewal.js';
import type { SnapshotRecord } from './snapshots.js';
import type { State } from './state.js';
import { StepLabels } from './stepLabels.js';
import type { StepListener } from './stepListener.js';
import { Stepper } from './stepper.js';
import { mustBeSystem, type System } from './system.js';
import { Tables } from './tables.js';
import { UnknownNames } from './unknownNames.js';
import { WorldView } from './worldView.js';

const EMPTY: State = { cells: new Int32Array(0), fingerprint: [0, 0, 0, 0] };

/**
 * A deterministic world of XState actors (architecture 4.1): it says what can happen next in a state, and what the world is
 * like when it has. It makes no choice of its own.
 *
 * States are values: stepping one leaves it as it was. What XState computes is memoised, so a world gets faster as it is used.
 */
export class World {
  readonly system: System;
  readonly tables: Tables;
  readonly stepper: Stepper;
  readonly hosts: Hosts;
  readonly monitors: Monitors;
  /** The steps that were looked at, by number. */
  readonly labels: StepLabels;
  readonly layout: Layout;
  /** Finds what can happen in the state that the {@link stepper} has turned to. */
  readonly finder: ChoiceFinder;
  /** What properties asked for in vain. */
  readonly unknownNames = new UnknownNames();
  readonly #recorder: Recorder;
  readonly #initial: State;

  /**
   * @throws UsageError when an actor's logic acts by itself (a promise, a callback, an observable), its input is no value, or it
   *   throws while it is started
   * @param monitors what watches its steps
   * @param before see {@link renewed}
   */
  constructor(
    system: System,
    monitors: readonly MonitorSpec[] = [],
    before?: { readonly world: World; readonly state: State },
  ) {
    mustBeSystem(system);
    this.system = system;
    this.tables = new Tables(system.timers, before?.world.tables);
    this.#recorder = new Recorder(this.tables);
    const layout = before ? before.world.layout : new Layout();
    this.layout = layout;
    this.hosts = new Hosts(this.tables, layout);
    this.labels = new StepLabels(this.tables);
    this.monitors = new Monitors(this.tables, layout, this.hosts, this.labels, monitors);
    this.stepper = new Stepper(
      this.tables,
      layout,
      this.#recorder,
      this.hosts,
      this.labels,
      this.monitors,
      system.start,
    );
    this.finder = new ChoiceFinder(
      this.tables,
      layout,
      this.stepper.changes,
      this.#recorder,
      this.hosts,
      this.stepper,
      system.timers,
    );
    this.#initial = before ? this.#goOn(before.world, before.state) : this.#start();
  }

  /** The state in which every run begins. */
  get initial(): State {
    return this.#initial;
  }

  /** Hears of every look at an offer that was not met before: of which snapshot, and what the guards asked. */
  set onLook(onLook: Recorder['onLook']) {
    this.#recorder.onLook = onLook;
  }

  /** How often a logic was really run (each memo entry twice). */
  get executions(): number {
    return this.#recorder.executions;
  }

  /** What can happen next, in canonical order. */
  enabled(state: State): Enabled {
    this.stepper.begin(state.cells, 0, state.cells.length);
    return this.finder.enabled();
  }

  /**
   * The state after one of the choices that are enabled in `state`.
   *
   * @param listener hears what happens inside the step
   * @throws UsageError when an actor's code does what no world can reproduce
   */
  step(state: State, choice: Choice, listener?: StepListener): State {
    this.stepper.begin(state.cells, 0, state.cells.length);
    this.stepper.listener = listener;
    try {
      this.stepper.take(choice);
    } finally {
      this.stepper.listener = undefined;
    }
    return this.#changed(state);
  }

  /** The state as properties and people see it. */
  view(state: State): WorldView {
    const { stepper } = this;
    return new WorldView(this, {
      get reader() {
        stepper.begin(state.cells, 0, state.cells.length);
        return stepper;
      },
      enabled: () => this.enabled(state),
      isQuiescent: () => this.enabled(state).quiescent,
    });
  }

  /**
   * A world that begins in a state of this one and remembers nothing of how it came there: for runs that never come back to
   * where they were, whose tables would grow for ever. The run goes on as it would have here; this world is not to be used any more.
   *
   * @returns `undefined` when the state is not at rest: somebody has mail, a thread is under way, budgets are spent. Ask again later.
   */
  renewed(state: State): World | undefined {
    this.stepper.begin(state.cells, 0, state.cells.length);
    return isAtRest(this) ? new World(this.system, [], { world: this, state }) : undefined;
  }

  #goOn(before: World, state: State): State {
    before.stepper.begin(state.cells, 0, state.cells.length);
    this.stepper.begin(EMPTY.cells, 0, 0);
    carryOver(before, this, this.#recorder);
    const renewed = this.#changed(EMPTY);
    const isSame = renewed.fingerprint.every((word, i) => word === state.fingerprint[i]);
    invariant(isSame, 'a renewed world begins in the state that was left');
    return renewed;
  }

  #start(): State {
    const records = [...this.system.actors].map(([name, { logic, input }]) => {
      const place = this.tables.actors.addTopLevel(topLevelAddress(name));
      if (!isHosted(logic) && actsByItself(logic)) {
        throw new UsageError(
          `actor '${name}' runs a promise, a callback or an observable, which act on their own`,
          'model what it waits for as an event: an offer in meta.offers, a timer, or another actor',
        );
      }
      const value = this.tables.internValue(input, `the input of actor '${name}'`);
      const text = `unstarted ${name} ${value.text}`;
      const named = this.tables.logics.intern(name, logic);
      return this.tables.snapshots.intern(place, text, (id) => unstarted(id, place, named, value, undefined));
    });
    this.stepper.begin(EMPTY.cells, 0, 0);
    for (const record of records) this.stepper.place(record);
    this.monitors.begin(this.stepper.changes);
    const placed = this.#changed(EMPTY);
    return this.system.start === 'any' ? placed : this.#started(records, placed);
  }

  /** Lets actors start one after the other, in one array: to copy the state each time would cost the square of their number. */
  #started(records: readonly SnapshotRecord[], placed: State): State {
    const { stepper } = this;
    let { cells, fingerprint } = placed;
    for (const record of records) {
      stepper.begin(cells, 0, cells.length);
      stepper.start(record.place.index);
      this.#mustHaveStarted(record);
      if (stepper.width > cells.length) cells = copied(cells, 2 * stepper.width);
      fingerprint = this.#changedWords(fingerprint);
      stepper.changes.writeInto(cells);
    }
    return { cells: copied(cells, stepper.width), fingerprint };
  }

  #mustHaveStarted({ place }: SnapshotRecord): void {
    const record = this.tables.snapshots.get(this.stepper.snapshotAt(place.index));
    if (record.status !== 'error') return;
    const error: unknown = record.snapshot?.error;
    throw new UsageError(
      `actor '${place.address}' failed while it was started: ${reasonOf(error)}`,
      'an actor must at least be able to start',
      { cause: error },
    );
  }

  #changed(state: State): State {
    const fingerprint = this.#changedWords(state.fingerprint);
    const cells = copied(state.cells, this.stepper.width);
    this.stepper.changes.writeInto(cells);
    return { cells, fingerprint };
  }

  #changedWords([a, b, c, d]: State['fingerprint']): State['fingerprint'] {
    const { changes } = this.stepper;
    return [a ^ changes.first, b ^ changes.second, c ^ changes.word(2), d ^ changes.word(3)];
  }
}

/** The first `width` cells; what is not there is 0. */
function copied(cells: Int32Array, width: number): Int32Array {
  const copy = new Int32Array(width);
  copy.set(width < cells.length ? cells.subarray(0, width) : cells);
  return copy;
}
