import type { AnyStateMachine, Snapshot } from 'xstate';
import { present } from '../kernel/invariant.js';
import { UsageError } from '../kernel/usageError.js';
import type { Changes } from './changes.js';
import { chartOf, meansType } from './chart.js';
import { type Choice, ChoiceKind, choiceActor, choiceIndex, choiceKind } from './choice.js';
import { type ContentId, slotHash } from './contents.js';
import type { Hosts } from './hosts.js';
import { type Layout, Slot } from './layout.js';
import { MonitorRun } from './monitorRun.js';
import { PairMap } from './pairMap.js';
import type { StateReader } from './probes.js';
import { describeSnapshot, hasTag, rebuildSnapshot } from './snapshotShape.js';
import type { StepLabels } from './stepLabels.js';
import type { Tables } from './tables.js';
import type { Visits } from './visits.js';

/** A state chart that watches steps. */
export interface MonitorSpec {
  readonly name: string;
  readonly machine: AnyStateMachine;
}

/** One of its snapshots, the content of the monitor's slot. */
interface MonitorState {
  readonly snapshot: Snapshot<unknown>;
  /** In a state tagged `violation`. */
  readonly violates: boolean;
}

interface Monitor extends MonitorSpec {
  readonly slot: number;
  readonly run: MonitorRun;
  readonly byText: Map<string, ContentId>;
  readonly states: Map<ContentId, MonitorState>;
  /** (content, step) → next content. */
  readonly memo: PairMap;
  /** What its transitions wait for. */
  readonly descriptors: readonly string[];
}

/**
 * The monitors of a world: state charts that see every step as one event and influence none (architecture 4.6). The snapshot of
 * each is a slot of the state. What a monitor makes of a step is computed once per snapshot and step number.
 */
export class Monitors {
  readonly #tables: Tables;
  readonly #hosts: Hosts;
  readonly #labels: StepLabels;
  readonly #all: readonly Monitor[];
  /** (actor, message) → 1 when a monitor waits for such a step, else 0. */
  readonly #wanted = new PairMap();

  constructor(
    tables: Tables,
    layout: Layout,
    hosts: Hosts,
    labels: StepLabels,
    specs: readonly MonitorSpec[],
  ) {
    this.#tables = tables;
    this.#hosts = hosts;
    this.#labels = labels;
    this.#all = specs.map((spec) => ({
      ...spec,
      slot: layout.addMonitor(),
      run: new MonitorRun(tables, spec.name),
      byText: new Map(),
      states: new Map(),
      memo: new PairMap(),
      descriptors: chartOf(spec.machine).transitions.flatMap(({ event }) => event ?? []),
    }));
  }

  /** Whether there are any: asked in every step. */
  get any(): boolean {
    return this.#all.length > 0;
  }

  /** Each with what it was shown so far: at least every step that one of its transitions means. */
  get visited(): readonly (MonitorSpec & { readonly visits: Visits })[] {
    return this.#all.map(({ name, machine, run: { visits } }) => ({ name, machine, visits }));
  }

  /** Puts the first snapshots into the state. */
  begin(changes: Changes): void {
    for (const monitor of this.#all) {
      const content = this.#intern(monitor, () => monitor.run.start(monitor.machine));
      changes.set(monitor.slot, content);
    }
  }

  /** Whether some monitor waits for what a choice would do, by its event's type. */
  want(
    choice: Choice,
    state: StateReader & { contentOf(kind: 0 | 1 | 2, actor: number): ContentId },
  ): boolean {
    const { mailboxes, snapshots, timers, actors } = this.#tables;
    const actor = choiceActor(choice);
    const index = choiceIndex(choice);
    const kind = choiceKind(choice);
    const record = snapshots.get(state.snapshotAt(actor));
    if (kind === ChoiceKind.thread) {
      const text = this.#hosts.of(record)?.choiceText(index, state) ?? '';
      return this.#isAwaited(`${actors.place(actor).address}.${text}`);
    }
    if (record.status === 'unstarted') return this.#isAwaited(`${actors.place(actor).address}.xstate.init`);
    const message =
      kind === ChoiceKind.message
        ? mailboxes.head(state.contentOf(Slot.mailbox, actor))
        : kind === ChoiceKind.timer
          ? present(timers.timers(state.contentOf(Slot.timers, actor))[index], 'the timer is armed').spec
              .message
          : present(record.offers[index], 'the offer is declared').message;
    const known = this.#wanted.get(actor, message);
    if (known !== -1) return known === 1;
    const { type } = this.#tables.messages.get(message).event;
    const isAwaited = this.#isAwaited(`${actors.place(actor).address}.${type}`);
    this.#wanted.set(actor, message, isAwaited ? 1 : 0);
    return isAwaited;
  }

  /** Shows all monitors a step that was just taken. */
  see(label: number, changes: Changes): void {
    for (const monitor of this.#all) {
      const before = changes.valueAt(monitor.slot);
      let after = monitor.memo.get(before, label);
      if (after === -1) {
        after = this.#next(monitor, before, label);
        monitor.memo.set(before, label, after);
      }
      changes.set(monitor.slot, after);
    }
  }

  /** Names of the monitors that are in a state tagged `violation`. */
  violated(state: StateReader): readonly string[] {
    return this.#all.flatMap(({ name, slot, states }) =>
      states.get(state.valueAt(slot))?.violates ? [name] : [],
    );
  }

  #isAwaited(type: string): boolean {
    return this.#all.some(({ descriptors }) => descriptors.some((descriptor) => meansType(descriptor, type)));
  }

  #next(monitor: Monitor, before: ContentId, label: number): ContentId {
    const { snapshot } = present(monitor.states.get(before), 'a monitor knows its snapshots');
    const step = present(this.#labels.step(label), 'a step that is shown to monitors is seen');
    const { actor, kind, event, sent, emitted } = step;
    const seen = { type: `${actor}.${event.type}`, kind, event, sent, emitted };
    if (snapshot.status !== 'active') {
      monitor.run.visits.ignored.add(seen.type);
      return before;
    }
    const told = this.#tables.internEvent(seen, `the step that the monitor '${monitor.name}' saw`);
    return this.#intern(monitor, () => monitor.run.receive(monitor.machine, snapshot, told));
  }

  /** Computes a snapshot twice; code that depends on anything but what it is given is found out. */
  #intern(monitor: Monitor, compute: () => Snapshot<unknown>): ContentId {
    const [snapshot, text] = this.#described(monitor, compute());
    if (this.#described(monitor, compute())[1] !== text) {
      throw new UsageError(
        `the monitor '${monitor.name}' saw the same step in the same state and went to two states`,
        'let it depend on nothing but its context and the step: no counters or caches in modules',
      );
    }
    let content = monitor.byText.get(text);
    if (content === undefined) {
      content = this.#tables.contents.add(slotHash('monitor', monitor.name).text(text).words());
      monitor.byText.set(text, content);
      monitor.states.set(content, { snapshot, violates: hasTag(snapshot, 'violation') ?? false });
    }
    return content;
  }

  #described(monitor: Monitor, raw: Snapshot<unknown>): readonly [Snapshot<unknown>, string] {
    const { status, shape, context, output } = describeSnapshot(raw);
    const values = [context, output].map((value) =>
      this.#tables.internValue(value, `the context of the monitor '${monitor.name}'`),
    );
    const [kept, result] = values;
    const snapshot = rebuildSnapshot(raw, {
      context: kept?.value,
      output: result?.value,
      error: undefined,
      children: {},
    });
    return [snapshot, [status, shape, ...values.map(({ text }) => text)].join(' ')];
  }
}
