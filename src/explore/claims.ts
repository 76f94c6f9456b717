import { mustBeOptions, type Names, shown, wholeNumber } from '../kernel/options.js';
import { reasonOf } from '../kernel/reasonOf.js';
import { UsageError } from '../kernel/usageError.js';
import { Answers } from '../property/answers.js';
import { BuiltInName } from '../property/builtInName.js';
import type { Property, StateProperty } from '../property/property.js';
import type { Watched } from '../property/watched.js';
import { Fact, Trait } from '../runtime/contents.js';
import type { FirstRun } from '../runtime/generalStep.js';
import { isStrict } from '../runtime/logic.js';
import type { MonitorSpec } from '../runtime/monitors.js';
import { NO_STEP } from '../runtime/stepLabels.js';
import { World } from '../runtime/world.js';
import { openOffers } from './openOffers.js';
import { ask, LastStepRead, type Place } from './propertyFailure.js';

/** Properties that hold of every sound system; `false` switches one off. */
export interface BuiltIn {
  /** No actor fails; a failed child does not count when its parent takes the event that says so. Default on. */
  readonly failures?: boolean;
  /** A machine with root `meta: { strict: true }` takes every event that it gets. Default on. */
  readonly unhandled?: boolean;
  /** Where nothing must happen any more, every actor has ended or is in a state tagged `idle`. Default on. */
  readonly deadlock?: boolean;
  /** How many messages a mailbox may hold. Default 100. */
  readonly mailbox?: number | false;
}

/** A property that a state or a step violates. */
export interface Finding {
  readonly property: string;
  readonly message: string;
  /** Whether it is not found again when the search begins anew: the first one stands for all that are like it. */
  readonly once?: true;
}

const BUILT_IN = {
  failures: true,
  unhandled: true,
  deadlock: true,
  mailbox: true,
} satisfies Names<BuiltIn>;

/** @throws UsageError when one is switched neither on nor off, or is none */
function mustBeBuiltIn(builtIn: BuiltIn): void {
  mustBeOptions('builtIn', builtIn, BUILT_IN);
  const { mailbox = MAILBOX_DEFAULT, ...switches } = builtIn;
  for (const [name, value] of Object.entries(switches)) {
    if (value !== undefined && typeof value !== 'boolean')
      throw new UsageError(`builtIn.${name} is ${shown(value)}`, 'give true or false');
  }
  if (mailbox !== false) wholeNumber('builtIn.mailbox', mailbox, 1);
}

const NOTHING: readonly Finding[] = [];
const MAILBOX_DEFAULT = 100;

/** The properties that watch steps: a world is made with them. */
export function monitorsOf(properties: readonly Property[]): readonly MonitorSpec[] {
  return properties.filter((property) => property.kind === 'monitor');
}

/** A property, and its answers. */
interface Claim {
  readonly property: StateProperty;
  readonly answers: Answers;
}

/** What is said about a world: the user's properties and the built-in ones. */
export class Claims {
  /** For each `reachable` property its first state, by name. */
  readonly witnesses = new Map<string, Place>();
  /** How often a property was asked, the answer not being known at once. */
  asked = 0;
  readonly #world: World;
  readonly #properties: readonly Property[];
  readonly #claims: readonly Claim[];
  readonly #reachable: readonly Claim[];
  #sought: readonly Claim[];
  readonly #builtIn: Required<BuiltIn>;
  #mailboxMax: number;
  readonly #stepwise: ReadonlySet<string>;

  /** @param stepwise the properties that read `lastStep`: they are asked after each step */
  constructor(
    world: World,
    properties: readonly Property[],
    builtIn: BuiltIn = {},
    stepwise: ReadonlySet<string> = new Set(),
  ) {
    this.#world = world;
    this.#stepwise = stepwise;
    this.#properties = properties;
    const claims = properties.flatMap((property) =>
      property.kind === 'monitor'
        ? []
        : [{ property, answers: new Answers(world, property.name, property.predicate) }],
    );
    this.#claims = claims.filter(({ property: { kind } }) => kind === 'never' || kind === 'always');
    this.#reachable = claims.filter(({ property }) => property.kind === 'reachable');
    this.#sought = this.#reachable;
    mustBeBuiltIn(builtIn);
    const { failures = true, unhandled = true, deadlock = true, mailbox = MAILBOX_DEFAULT } = builtIn;
    this.#builtIn = { failures, unhandled, deadlock, mailbox };
    this.#mailboxMax = mailbox === false ? Number.POSITIVE_INFINITY : mailbox;
  }

  /** Lets it be heard which slots properties read, in a search that leaves states out; `undefined` ends that. */
  watch(watched: Watched | undefined): void {
    for (const { property, answers } of [...this.#claims, ...this.#reachable])
      answers.watch = watched && { watched, sought: property.kind !== 'always' };
  }

  /** The same claims about a world that has seen nothing yet. */
  afresh(): { readonly world: World; readonly claims: Claims } {
    const world = new World(this.#world.system, monitorsOf(this.#properties));
    return { world, claims: new Claims(world, this.#properties, this.#builtIn, this.#stepwise) };
  }

  /** Forgets the witnesses: the search begins anew. */
  startOver(): void {
    this.#sought = this.#reachable;
    this.witnesses.clear();
  }

  /** Whether a mailbox was met that is longer than it may be. */
  get overflows(): boolean {
    return this.#world.tables.mailboxes.longest > this.#mailboxMax;
  }

  /** What is wrong with the state that the world's stepper has turned to and its finder has looked at. */
  lookAt(state: number): readonly Finding[] {
    let findings = this.#isAsExpected() ? NOTHING : this.#lookAtAll(state);
    if (this.#world.monitors.any) findings = joined(findings, this.#monitored());
    if (!this.#world.finder.owed && this.#builtIn.deadlock) findings = joined(findings, this.#deadlock());
    if (this.#world.hosts.any) findings = joined(findings, this.#flaws());
    return findings;
  }

  /** Whether every property is known to say what it should, and nothing that is sought. */
  #isAsExpected(): boolean {
    if (this.watchesSteps) return false;
    for (const { property, answers } of this.#claims)
      if (!answers.isKnownToBe(property.kind === 'always')) return false;
    for (const { answers } of this.#sought) if (!answers.isKnownToBe(false)) return false;
    return true;
  }

  #lookAtAll(state: number): readonly Finding[] {
    return this.#lookAt({ state }, NO_STEP, ({ name }) => state === 0 || !this.#stepwise.has(name));
  }

  /** Whether some property must be asked after every step, see {@link lookAtArrival}. */
  get watchesSteps(): boolean {
    return this.#stepwise.size > 0;
  }

  /** What properties that read `lastStep` say of the state that the stepper has turned to, having come there by a step. */
  lookAtArrival(place: Place, lastStep: number): readonly Finding[] {
    return this.#lookAt(place, lastStep, ({ name }) => this.#stepwise.has(name));
  }

  #lookAt(place: Place, lastStep: number, isAsked: (property: StateProperty) => boolean): readonly Finding[] {
    let findings = NOTHING;
    for (const claim of this.#claims) {
      const { kind, name } = claim.property;
      if (!isAsked(claim.property) || this.#ask(claim, place, lastStep) === (kind === 'always')) continue;
      const message = kind === 'never' ? 'it is so, and never may be' : 'it does not hold';
      findings = [...findings, { property: name, message }];
    }
    for (const claim of this.#sought) {
      const { property } = claim;
      if (!isAsked(property) || !this.#ask(claim, place, lastStep)) continue;
      this.witnesses.set(property.name, place);
      this.#sought = this.#sought.filter((other) => other !== claim);
    }
    return findings;
  }

  #ask({ property: { name }, answers }: Claim, place: Place, lastStep: number): boolean {
    this.asked++;
    const answer = ask(name, answers, place, lastStep);
    if (answers.readsLastStep && !this.#stepwise.has(name)) throw new LastStepRead(name);
    return answer;
  }

  /** What is wrong with the step that was just taken. */
  lookAtStep(): readonly Finding[] {
    const { stepper } = this.#world;
    const findings = stepper.firstRuns.flatMap((run) => [...this.#unhandled(run)]);
    if (stepper.threw && this.#builtIn.failures) findings.push(...this.#failures());
    if (this.overflows) findings.push(this.#overflow());
    return findings;
  }

  #monitored(): Finding[] {
    const { monitors, stepper } = this.#world;
    const message = "the monitor is in a state tagged 'violation'";
    return monitors.violated(stepper).map((property) => ({ property, message }));
  }

  #deadlock(): Finding[] {
    const { tables, stepper, hosts } = this.#world;
    const waiting = tables.actors.places.filter(({ index }) => {
      const content = stepper.snapshotAt(index);
      if (content === 0) return false;
      const record = tables.snapshots.get(content);
      return !record.idle && !hosts.of(record)?.isIdle?.(stepper);
    });
    if (waiting.length === 0) return [];
    const who = waiting.map(({ address }) => `'${address}'`).join(', ');
    const open = openOffers(this.#world);
    const message = `${open === '' ? 'nothing can happen any more' : `nothing must happen any more (${open} may)`}, and ${who} ${waiting.length === 1 ? 'waits' : 'wait'} in a state that is not tagged 'idle'`;
    return [{ property: BuiltInName.deadlock, message }];
  }

  /** What the hosts find wrong. Costs a look at each actor, and more only for those that a host runs. */
  #flaws(): readonly Finding[] {
    const { tables, stepper, hosts } = this.#world;
    let findings = NOTHING;
    for (const { index, address } of tables.actors.places) {
      const content = stepper.snapshotAt(index);
      if ((tables.contents.fact(content, Fact.traits) & Trait.hosted) === 0) continue;
      const record = tables.snapshots.get(content);
      const flaws = record.status === 'active' ? hosts.of(record)?.flaws?.(stepper) : undefined;
      for (const flaw of flaws ?? [])
        findings = [...findings, { property: BuiltInName.race, message: `${address}: ${flaw}` }];
    }
    return findings;
  }

  /** Top-level actors that fail in this step. */
  #failures(): Finding[] {
    const { tables, stepper } = this.#world;
    return tables.actors.places.flatMap(({ index, address, parent }) => {
      const content = stepper.snapshotAt(index);
      const slot = this.#world.layout.first(index);
      if (content === 0 || parent !== undefined || stepper.changes.before(slot) === content) return [];
      const { status, snapshot } = tables.snapshots.get(content);
      if (status !== 'error') return [];
      const message = `actor '${address}' failed: ${reasonOf(snapshot?.error)}`;
      return [{ property: BuiltInName.failures, message }];
    });
  }

  *#unhandled({ actor, message, before, entry }: FirstRun): Generator<Finding> {
    const { tables } = this.#world;
    if (message < 0 || !tables.memo.detail(entry).unhandled) return;
    const { type } = tables.messages.get(message).event;
    const { address } = tables.actors.place(actor);
    if (type.startsWith('xstate.error.actor.') && this.#builtIn.failures) {
      yield {
        property: BuiltInName.failures,
        message: `a child of actor '${address}' failed, and it took no transition`,
        once: true,
      };
    } else if (this.#builtIn.unhandled && isStrict(tables.snapshots.get(before).logic)) {
      yield {
        property: BuiltInName.unhandled,
        message: `actor '${address}' took no transition on '${type}'`,
        once: true,
      };
    }
  }

  #overflow(): Finding {
    const { longest, longestOf } = this.#world.tables.mailboxes;
    const allowed = this.#mailboxMax;
    this.#mailboxMax = longest;
    return {
      property: BuiltInName.mailbox,
      message: `the mailbox of actor '${longestOf?.address}' holds ${longest} messages; ${allowed} are allowed`,
      once: true,
    };
  }
}

function joined(some: readonly Finding[], others: readonly Finding[]): readonly Finding[] {
  return others.length === 0 ? some : [...some, ...others];
}
