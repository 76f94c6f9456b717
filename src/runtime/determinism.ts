/** The doors to the world outside that user code finds closed while it runs in a world (architecture 4.1). */
const ADVICE = {
  clock: 'time is virtual: use `after` or a delayed raise or sendTo, or take the time as input',
  random: 'let the environment choose with an offer, or take the number as input',
  timer: 'use `after`, or a delayed raise or sendTo',
  task: 'a step runs to completion: send an event to yourself instead',
} as const;

type Refusal = (what: string, fix: string) => never;
type Guarded = readonly [name: string, replacement: (refuse: Refusal) => unknown];

const refusing =
  (name: string, advice: string) =>
  (refuse: Refusal): unknown =>
  () =>
    refuse(`${name}() was called`, advice);

const GLOBALS: readonly Guarded[] = [
  ['setTimeout', refusing('setTimeout', ADVICE.timer)],
  ['setInterval', refusing('setInterval', ADVICE.timer)],
  ['setImmediate', refusing('setImmediate', ADVICE.timer)],
  ['requestAnimationFrame', refusing('requestAnimationFrame', ADVICE.timer)],
  ['queueMicrotask', refusing('queueMicrotask', ADVICE.task)],
  ['fetch', refusing('fetch', ADVICE.task)],
];

const RealDate = Date;

function guardedDate(refuse: Refusal): DateConstructor {
  return new Proxy(RealDate, {
    construct: (target, args: unknown[], newTarget) =>
      args.length === 0
        ? refuse('new Date() was called without a time', ADVICE.clock)
        : Reflect.construct(target, args, newTarget),
    apply: () => refuse('Date() was called', ADVICE.clock),
    get: (target, key, receiver): unknown =>
      key === 'now' ? refusing('Date.now', ADVICE.clock)(refuse) : Reflect.get(target, key, receiver),
  });
}

/** Whether a guard is in place now, so that nested runs do not restore too early. */
let active: Refusal | undefined;

const forward: Refusal = (what, fix) => {
  if (active) return active(what, fix);
  throw new Error(what);
};

interface Door {
  readonly object: object;
  readonly key: string;
  readonly closed: unknown;
}

const doors: readonly Door[] = [
  ...GLOBALS.map(([key, make]) => ({ object: globalThis, key, closed: make(forward) })),
  { object: globalThis, key: 'Date', closed: guardedDate(forward) },
  { object: Math, key: 'random', closed: refusing('Math.random', ADVICE.random)(forward) },
  ...(typeof performance === 'object'
    ? [{ object: performance, key: 'now', closed: refusing('performance.now', ADVICE.clock)(forward) }]
    : []),
  ...(typeof crypto === 'object'
    ? ['getRandomValues', 'randomUUID'].map((key) => ({
        object: crypto,
        key,
        closed: refusing(`crypto.${key}`, ADVICE.random)(forward),
      }))
    : []),
].filter((door) => door.key in door.object);

/**
 * Runs user code with the clock, randomness and tasks of JavaScript closed: whoever uses them ends in `refuse`.
 *
 * Cost: a dozen property writes; it is paid once per memo entry, never per step of a search.
 */
export function withoutHiddenInputs<T>(refuse: Refusal, run: () => T): T {
  if (active) return run();
  const open = doors.map(({ object, key }) => Object.getOwnPropertyDescriptor(object, key));
  active = refuse;
  for (const { object, key, closed } of doors) {
    Object.defineProperty(object, key, { value: closed, configurable: true, writable: true });
  }
  try {
    return run();
  } finally {
    active = undefined;
    doors.forEach(({ object, key }, i) => {
      const descriptor = open[i];
      if (descriptor) Object.defineProperty(object, key, descriptor);
      else Reflect.deleteProperty(object, key);
    });
  }
}
