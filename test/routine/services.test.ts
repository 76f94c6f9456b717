import { describe, expect, test } from 'vitest';
import { threads } from '../../src/index.js';
import type { HeapObject } from '../../src/routine/heapObject.js';
import { Locks } from '../../src/routine/locks.js';
import { Memory } from '../../src/routine/memory.js';
import { MemoryProxies } from '../../src/routine/memoryProxy.js';
import { service } from '../../src/routine/operation.js';
import type { ThreadDeclaration } from '../../src/routine/program.js';
import { type Answer, type ServiceCall, type Services, ThreadOp } from '../../src/routine/segment.js';
import { Segments } from '../../src/routine/segments.js';
import { ThreadStates } from '../../src/routine/threadState.js';
import {
  type Host,
  type HostEnd,
  type HostedLogic,
  type HostSite,
  type HostState,
  hosting,
} from '../../src/runtime/host.js';
import { Probes, type StateReader } from '../../src/runtime/probes.js';
import { exploreAll } from './exploreAll.js';

/** A host of another kind on the same parts: one activation after the other, which may call what surrounds it. */

const told: string[] = [];

function* helper(record: { n: number }) {
  const answer = yield* service('double', record.n);
  record.n = Number(answer);
  return `told ${record.n}`;
}

function* start(record: { n: number; routine: typeof helper | null }) {
  record.routine = helper;
  yield* service('tell', record, record.routine === helper ? 'a routine' : 'something else');
  return yield* record.routine(record);
}

class CallingHost implements Host, Services {
  readonly #memory: Memory;
  readonly #states: ThreadStates;
  readonly #segments: Segments;
  readonly #record: HeapObject;
  readonly #slot: number;
  readonly #codes: ThreadDeclaration[] = [];
  readonly #names: string[] = [];
  readonly #start: typeof start;

  constructor(site: HostSite, code: typeof start) {
    this.#start = code;
    this.#memory = new Memory(site);
    this.#states = new ThreadStates(site, this.#names);
    this.#record = this.#memory.object('record', false);
    this.#slot = site.slot('thread', 'activation');
    this.#segments = new Segments(
      {
        address: site.place.address,
        memory: this.#memory,
        states: this.#states,
        proxies: new MemoryProxies(new Map([['helper', helper]])),
        lockNames: [],
        locks: new Locks(site, [], this.#names),
        probes: new Probes(),
        services: this,
        calls: [],
        splits: false,
      },
      this.#codes,
    );
  }

  begin(state: HostState): undefined {
    const run = (...args: readonly unknown[]): unknown => this.#start(args[0] as Parameters<typeof start>[0]);
    this.#codes.push({ name: 'start', priority: 0, run });
    this.#names.push('start');
    const cells = new Map([['n', 21 as number | null] as const, ['routine', null] as const]);
    state.set(this.#record.slot, this.#memory.intern(this.#record, cells).id);
    state.set(this.#slot, this.#states.intern(0, 'start', [this.#record], [], undefined).id);
  }

  choices(state: StateReader): readonly number[] {
    return this.#states.get(state.valueAt(this.#slot)).phase === 'finished' ? [] : [0];
  }

  take(_choice: number, state: HostState): HostEnd {
    const thread = this.#states.get(state.valueAt(this.#slot));
    const segment = this.#segments.segment(thread, state);
    for (const { op, a } of segment.effects) {
      if (op === ThreadOp.service) this.carryOut(this.#segments.call(a));
      else state.set(this.#record.slot, this.#memory.after(state.valueAt(this.#record.slot), a));
    }
    state.set(this.#slot, segment.next.id);
    if (segment.failure) return { status: 'error', error: segment.failure.error };
    if (segment.next.phase === 'finished') told.push(String(segment.result));
    return undefined;
  }

  answer({ name, args }: ServiceCall): Answer {
    if (name === 'fail') return { error: new Error('as asked') };
    return { value: name === 'double' ? Number(args[0]) * 2 : undefined };
  }

  carryOut({ name, args }: ServiceCall): void {
    const shown = args.map((arg) => (typeof arg === 'object' && arg !== null ? arg.name : String(arg)));
    told.push(`${name}(${shown.join(', ')})`);
  }

  threadOf(): number {
    return 0;
  }

  processOf(): number {
    return this.#slot;
  }

  /** There is nobody whose steps it could hold up. */
  waits(): void {}

  choiceName(): string {
    return 'activation';
  }

  choiceText(): string {
    return 'its next part';
  }

  context(state: StateReader): unknown {
    const cells = [...this.#memory.content(state.valueAt(this.#record.slot)).cells];
    return {
      memory: cells.map(([key, value]) => `${key}: ${typeof value === 'object' ? value?.name : value}`),
    };
  }
}

describe('a call into what surrounds a program', () => {
  test('is answered, carried out once a step, and may name routines that memory holds', () => {
    const logic: HostedLogic = { [hosting]: (site) => new CallingHost(site, start) };
    const { ends, states } = exploreAll(logic);
    expect(ends).toEqual(['["n: 42","routine: helper"]']);
    expect(states).toBe(4);
    expect(told).toEqual(['tell(record, a routine)', 'double(21)', 'told 42']);
  });

  test('fails its thread when the answer is an error, and is not carried out', () => {
    const failing: HostedLogic = {
      [hosting]: (site) =>
        new CallingHost(site, function* () {
          yield* service('fail');
          return 'not reached';
        }),
    };
    told.length = 0;
    const { last } = exploreAll(failing);
    expect(last.map(({ status, error }) => [status, error])).toEqual([['error', new Error('as asked')]]);
    expect(told).toEqual([]);
  });

  test('is refused where nobody answers', () => {
    const program = threads({
      memory: {},
      threads: {
        a: function* () {
          yield* service('double', 1);
        },
      },
    });
    expect(() => exploreAll(program)).toThrow('nobody answers the call double()');
  });
});
