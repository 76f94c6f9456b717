import { present } from '../kernel/invariant.js';
import { type ContentId, slotHash } from '../runtime/contents.js';
import type { HostSite, VisitedPoints } from '../runtime/host.js';
import { cellName, type HeapObject, type MemoryValue, objectsIn, valueText } from './heapObject.js';
import { entryObjects, entryText, type LogEntry } from './log.js';
import type { Point } from './point.js';

/** Where a thread is. `plain`: its operation has been performed, and the plain code behind it is a step of its own. */
export type Phase = 'start' | 'operation' | 'plain' | 'finished';

/** A thread at some point of its life: what it is identified by, and what it waits at. */
export interface ThreadState {
  readonly id: ContentId;
  readonly thread: number;
  readonly phase: Phase;
  readonly args: readonly MemoryValue[];
  readonly log: readonly LogEntry[];
  /** What it waits at, in phase `operation`; without the condition of an `until`, which belongs to one execution. */
  readonly operation: Point | undefined;
  /** Objects that it remembers. */
  readonly mentions: readonly HeapObject[];
  /** Whether a step has led here; states that were only looked ahead to do not count for coverage. */
  visited: boolean;
}

/** What a thread's next step is to do, in canonical text: its operation, or `start`, or `plain`. */
export function stepText({ operation, phase }: ThreadState): string {
  return operation?.text ?? phase;
}

/** The distinct states of the threads of one program, each the content of its thread's slot. */
export class ThreadStates {
  readonly #site: HostSite;
  readonly #names: readonly string[];
  readonly #byId = new Map<ContentId, ThreadState>();
  readonly #byText = new Map<string, ThreadState>();

  constructor(site: HostSite, names: readonly string[]) {
    this.#site = site;
    this.#names = names;
  }

  get(id: ContentId): ThreadState {
    return present(this.#byId.get(id), `content ${id} is a thread`);
  }

  /** The points that threads have come to; of those that never came to their ends, that. */
  visited(nameOf: (thread: number) => string): VisitedPoints {
    const states = [...this.#byId.values()].filter(({ visited }) => visited);
    const entered = states
      .filter(({ phase }) => phase !== 'plain')
      .map((state) => `${nameOf(state.thread)}: ${pointName(state)}`);
    const ends = this.#names.map((_, thread) => `${nameOf(thread)}: finished`);
    return {
      entered: [...new Set(entered)].sort(),
      neverEntered: [...new Set(ends)].filter((end) => !entered.includes(end)).sort(),
    };
  }

  intern(
    thread: number,
    phase: Phase,
    args: readonly MemoryValue[],
    log: readonly LogEntry[],
    operation: Point | undefined,
  ): ThreadState {
    const text = `${phase} ${args.map(valueText).join(',')} ${log.map(entryText).join(';')}`;
    const key = `${thread}:${text}`;
    let state = this.#byText.get(key);
    if (!state) {
      const name = present(this.#names[thread], `there is a thread number ${thread}`);
      const words = slotHash('thread', `${this.#site.place.address} ${name}`).text(text).words();
      const mentions = [
        ...new Set([...objectsIn(...args), ...log.flatMap(entryObjects), ...operationObjects(operation)]),
      ];
      const id = this.#site.addContent(words);
      state = { id, thread, phase, args, log, operation: withoutCode(operation), mentions, visited: false };
      this.#byText.set(key, state);
      this.#byId.set(state.id, state);
    }
    return state;
  }
}

/** A point without what may differ from one visit to the next: the arguments. */
function pointName({ operation, phase }: ThreadState): string {
  if (!operation) return phase;
  const { kind, object, key, service, text } = operation;
  if (object && key !== undefined) return `${kind} ${cellName(object, key)}`;
  return service ?? text;
}

function operationObjects(operation: Point | undefined): readonly HeapObject[] {
  return operation ? objectsIn(...operation.values, operation.object) : [];
}

function withoutCode(operation: Point | undefined): Point | undefined {
  if (!operation) return undefined;
  const { condition: _, ...rest } = operation;
  return rest;
}
