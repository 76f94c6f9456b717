/** `npm run bench -- steps [clients requests]`: how fast the runtime takes steps. Prints one line of JSON, gives no verdict. */
import { World } from '../src/runtime/world.js';
import { requestsSystem } from './model.js';
import { search } from './search.js';

const [what, clients = '4', requests = '2'] = process.argv.slice(2);
if (what !== 'steps') {
  process.stderr.write('usage: npm run bench -- steps [clients requests]\n');
  process.exitCode = 2;
} else {
  const world = new World(requestsSystem(Number(clients), Number(requests)));
  const start = performance.now();
  const found = search(world, 24);
  const seconds = (performance.now() - start) / 1000;
  const line = {
    clients: Number(clients),
    requests: Number(requests),
    ...found,
    executions: world.executions,
    seconds: Number(seconds.toFixed(2)),
    statesPerSecond: Math.round(found.states / seconds),
    megabytes: Math.round(process.memoryUsage.rss() / 1e6),
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
