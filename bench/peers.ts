import fc from 'fast-check';
import { check, defineSystem, exhaustive, read, type SystemConfig, threads, write } from 'interlace';
import { assign, setup } from 'xstate';
import { getShortestPaths } from 'xstate/graph';

interface Rate {
  readonly seconds: number;
  readonly perSecond: number;
}

const ATTEMPTS = 3;

/** The fastest of some attempts: what else the machine does is nobody's fault. */
async function fastest<Result>(work: () => Result | Promise<Result>, count: (result: Result) => number) {
  let seconds = Number.POSITIVE_INFINITY;
  for (let attempt = 1; ; attempt++) {
    const started = performance.now();
    const result = await work();
    seconds = Math.min(seconds, (performance.now() - started) / 1000);
    if (attempt < ATTEMPTS) continue;
    const rate: Rate = { seconds: rounded(seconds), perSecond: rounded(count(result) / seconds) };
    return { result, rate };
  }
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

/**
 * How fast the tools reach what there is to reach that an XState user has today: `xstate/graph` on states of one machine,
 * `fc.scheduler` of fast-check on orders of tasks.
 *
 * @param digits of an odometer that the environment turns: 10 ** digits states
 * @param tasks that each read a number and write it back plus one: (2 · tasks)! / 2 ** tasks orders
 * @param runs of the random scheduler
 */
export async function benchPeers(digits: number, tasks: number, runs: number): Promise<object> {
  return {
    oneMachine: await benchGraph(digits),
    tasks: await benchScheduler(tasks, runs),
    notes: [
      'oneMachine: the same number of states from the same machine; interlace computes each transition twice, to find what is not deterministic, and saves work only where actors are several',
      'oneMachine: both go breadth first through the same machine and keep a shortest run to each state; xstate/graph builds every run as it goes, interlace keeps predecessors and builds a run when it is asked for',
      'oneMachine: xstate/graph knows one machine; messages between actors, children and timers are not delivered there, so there is nothing to compare for a system',
      'tasks: fc.scheduler draws orders at random and runs the real promises each time; interlace runs plain code as threads and merges equal states, so it decides all orders without running each',
      'tasks: a new order counts once; fc.scheduler cannot tell when it has had all of them',
      'the fastest of three runs of each, all in one process',
    ],
  };
}

/** An odometer as one machine. Any digit may turn at any time: the environment offers it. */
function odometer(digits: number) {
  const turns = Array.from({ length: digits }, (_, i) => `TURN.${i}`);
  const machine = setup({
    types: { context: {} as { readonly digits: readonly number[] }, events: {} as { readonly type: string } },
  }).createMachine({
    id: 'odometer',
    context: { digits: turns.map(() => 0) },
    tags: ['idle'],
    meta: { offers: turns },
    on: Object.fromEntries(
      turns.map((turn, i) => [
        turn,
        {
          actions: assign({
            digits: ({ context }) => context.digits.with(i, ((context.digits[i] ?? 0) + 1) % 10),
          }),
        },
      ]),
    ),
  });
  return { machine, turns };
}

/** One digit of an odometer whose digits are actors. */
const digit = setup({
  types: { context: {} as { readonly position: number }, events: {} as { readonly type: 'TURN' } },
}).createMachine({
  id: 'digit',
  context: { position: 0 },
  tags: ['idle'],
  meta: { offers: ['TURN'] },
  on: { TURN: { actions: assign({ position: ({ context }) => (context.position + 1) % 10 }) } },
});

async function benchGraph(digits: number): Promise<object> {
  const { machine, turns } = odometer(digits);
  const events = turns.map((type) => ({ type }));
  const { result: paths, rate: graph } = await fastest(
    () => getShortestPaths(machine, { events }),
    ({ length }) => length,
  );
  const asOne = await checkAll('odometer', { odometer: { logic: machine } }, paths.length);
  const asActors = await checkAll(
    'digits',
    Object.fromEntries(turns.map((_, i) => [`digit${i}`, { logic: digit }])),
    paths.length,
  );
  return {
    states: paths.length,
    'xstate/graph': graph,
    interlace: { ...asOne, ratio: ratioOf(asOne, graph) },
    'interlace, each digit an actor': { ...asActors, ratio: ratioOf(asActors, graph) },
  };
}

async function checkAll(
  name: string,
  actors: SystemConfig['actors'],
  expected: number,
): Promise<Rate & { readonly xstateTransitions: number }> {
  const { result, rate } = await fastest(
    () => check(defineSystem({ name, actors }), { strategy: exhaustive({ reduction: false }) }),
    ({ statistics }) => statistics.states,
  );
  const { states, xstateTransitions } = result.statistics;
  if (!result.exhausted || states !== expected) throw new Error(`${expected} states, not ${states}`);
  return { ...rate, xstateTransitions };
}

async function benchScheduler(tasks: number, runs: number): Promise<object> {
  const all = factorial(2 * tasks) / 2 ** tasks;
  const { result: drawn, rate: random } = await fastest(
    () => drawOrders(tasks, runs),
    ({ distinctOrders }) => distinctOrders,
  );
  const { result: checked, rate: decided } = await fastest(
    () => check(incrementing(tasks), { strategy: exhaustive({ reduction: false }) }),
    () => all,
  );
  if (!checked.exhausted) throw new Error('the search did not end');
  return {
    orders: all,
    'fc.scheduler': { runs, ...drawn, ...random },
    interlace: { states: checked.statistics.states, ordersDecided: all, ...decided },
    ratio: ratioOf(decided, random),
  };
}

/** Tasks whose reads and writes end in the order that the scheduler draws. */
async function drawOrders(tasks: number, runs: number) {
  const orders = new Set<string>();
  let runsThatLoseAnUpdate = 0;
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const order: number[] = [];
      let n = 0;
      const increment = async (task: number): Promise<void> => {
        await scheduler.schedule(Promise.resolve());
        order.push(task);
        const seen = n;
        await scheduler.schedule(Promise.resolve());
        order.push(task);
        n = seen + 1;
      };
      for (let task = 0; task < tasks; task++) void increment(task);
      await scheduler.waitIdle();
      orders.add(order.join());
      if (n !== tasks) runsThatLoseAnUpdate++;
    }),
    { numRuns: runs, seed: 1 },
  );
  return { distinctOrders: orders.size, runsThatLoseAnUpdate };
}

function incrementing(tasks: number) {
  function* increment(memory: { n: number }) {
    const seen = yield* read(memory, 'n');
    yield* write(memory, 'n', seen + 1);
  }
  const bodies = Array.from({ length: tasks }, (_, i) => [`task${i}`, increment]);
  const program = threads({ memory: { n: 0 }, threads: Object.fromEntries(bodies) });
  return defineSystem({ name: 'increments', actors: { program: { logic: program } } });
}

function ratioOf(one: Rate, other: Rate): number {
  return Number((one.perSecond / other.perSecond).toPrecision(3));
}

function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1);
}
