/** `npm run bench -- steps [clients requests]`: how fast a whole check takes steps. Prints one line of JSON, gives no verdict. */
import { check, never } from 'interlace';
import { requestsSystem } from './model.js';

const [what, clients = '4', requests = '2'] = process.argv.slice(2);
if (what !== 'steps') {
  process.stderr.write('usage: npm run bench -- steps [clients requests]\n');
  process.exitCode = 2;
} else {
  const most = Number(clients);
  const properties = [
    never('more requests than clients', (world) => world.snapshot('driver')?.context.queue.length > most),
  ];
  const { verdict, statistics } = await check(requestsSystem(most, Number(requests)), { properties });
  const { states, seconds } = statistics;
  const line = {
    clients: most,
    requests: Number(requests),
    verdict,
    ...statistics,
    seconds: Number(seconds.toFixed(2)),
    statesPerSecond: Math.round(states / seconds),
    megabytes: Math.round(process.memoryUsage.rss() / 1e6),
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
