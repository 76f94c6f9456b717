/**
 * The doors to the world outside that user code finds closed while it runs in a world (architecture 4.1): clocks, randomness,
 * and everything that would let code go on after its step.
 */
type Refusal = (what: string, fix: string) => never;

const CLOCK = 'time is virtual: use `after` or a delayed raise or sendTo, or take the time as input';
const RANDOM = 'let the environment choose with an offer, or take the number as input';
const TIMER = 'use `after`, or a delayed raise or sendTo';
const TASK = 'a step runs to completion: send an event to yourself instead';

/** Functions that are refused as soon as they are called: where they are, their name there, and what to do instead. */
const CLOSED: readonly [holder: string, key: string, advice: string][] = [
  ['', 'setTimeout', TIMER],
  ['', 'setInterval', TIMER],
  ['', 'setImmediate', TIMER],
  ['', 'requestAnimationFrame', TIMER],
  ['', 'queueMicrotask', TASK],
  ['', 'fetch', TASK],
  ['', 'MessageChannel', TASK],
  ['', 'BroadcastChannel', TASK],
  ['AbortSignal', 'timeout', TIMER],
  ['Math', 'random', RANDOM],
  ['crypto', 'getRandomValues', RANDOM],
  ['crypto', 'randomUUID', RANDOM],
  ['performance', 'now', CLOCK],
  ['process', 'hrtime', CLOCK],
  ['process', 'uptime', CLOCK],
];

let active: Refusal | undefined;

function refuse(what: string, fix: string): never {
  if (active) return active(what, fix);
  throw new Error(what);
}

function refusing(name: string, advice: string): () => never {
  return () => refuse(`${name}() was called`, advice);
}

/** Dates with a time given are values; only asking for the present is refused. */
function closedDate(real: DateConstructor): DateConstructor {
  return new Proxy(real, {
    construct: (target, args: unknown[], newTarget) =>
      args.length === 0
        ? refuse('new Date() was called without a time', CLOCK)
        : Reflect.construct(target, args, newTarget),
    apply: () => refuse('Date() was called', CLOCK),
    get: (target, key, receiver): unknown =>
      key === 'now' ? refusing('Date.now', CLOCK) : Reflect.get(target, key, receiver),
  });
}

function closedPromise(real: PromiseConstructor): PromiseConstructor {
  return new Proxy(real, {
    construct: () => refuse('new Promise() was called', TASK),
    get: (target, key, receiver): unknown => {
      const value: unknown = Reflect.get(target, key, receiver);
      // `instanceof Promise` only asks.
      return typeof value === 'function' && typeof key === 'string' && key !== 'prototype'
        ? refusing(`Promise.${String(key)}`, TASK)
        : value;
    },
  });
}

interface Door {
  readonly holder: object;
  readonly key: string;
  readonly closed: unknown;
}

const doors: readonly Door[] = [
  ...CLOSED.flatMap(([name, key, advice]): Door[] => {
    const holder: unknown = name === '' ? globalThis : Reflect.get(globalThis, name);
    const exists =
      (typeof holder === 'object' || typeof holder === 'function') && holder !== null && key in holder;
    return exists ? [{ holder, key, closed: refusing(name === '' ? key : `${name}.${key}`, advice) }] : [];
  }),
  { holder: globalThis, key: 'Promise', closed: closedPromise(Promise) },
  ...[globalThis, Date.prototype].map((holder) => ({
    holder,
    key: holder === globalThis ? 'Date' : 'constructor',
    closed: closedDate(Date),
  })),
];

/** What the doors were before they were closed, in their order; `undefined` while they are open. */
let before: readonly (PropertyDescriptor | undefined)[] | undefined;
/** Whether doors that were closed stay closed when user code is over, see {@link keepingDoorsClosed}. */
let areKept = false;

function close(): void {
  before = doors.map(({ holder, key }) => Object.getOwnPropertyDescriptor(holder, key));
  for (const { holder, key, closed } of doors) {
    Object.defineProperty(holder, key, { value: closed, configurable: true, writable: true });
  }
}

function open(): void {
  before?.forEach((descriptor, i) => {
    const door = doors[i];
    if (door && descriptor) Object.defineProperty(door.holder, door.key, descriptor);
    else if (door) Reflect.deleteProperty(door.holder, door.key);
  });
  before = undefined;
}

/**
 * Runs user code with these doors closed: whoever tries one ends in `refusal`. Calls do not nest; an inner one is part of the
 * outer one.
 *
 * Cost: three dozen property writes, as much as a short run of user code; see {@link keepingDoorsClosed}. It is paid at most once
 * per memo entry, never per step of a search.
 */
export function withoutHiddenInputs<T>(refusal: Refusal, run: () => T): T {
  if (active) return run();
  if (!before) close();
  active = refusal;
  try {
    return run();
  } finally {
    active = undefined;
    if (!areKept) open();
  }
}

/**
 * Runs code of the engine that runs user code again and again: once the doors are closed they stay so until it is over. It must be
 * synchronous and keep away from them itself.
 */
export function keepingDoorsClosed<T>(run: () => T): T {
  if (active || areKept) return run();
  areKept = true;
  try {
    return run();
  } finally {
    areKept = false;
    open();
  }
}
