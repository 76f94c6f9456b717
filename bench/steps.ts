import { check, exhaustive, never } from 'interlace';
import { requestsSystem } from './model.js';

/** How fast a whole check takes steps, or comes to its verdict with reduction: clients that each make some requests of one driver. */
export async function benchSteps(clients: number, requests: number, reduction: boolean): Promise<object> {
  const properties = [
    never('more requests than clients', (world) => world.snapshot('driver')?.context.queue.length > clients),
  ];
  const before = process.cpuUsage();
  const { verdict, statistics } = await check(requestsSystem(clients, requests), {
    properties,
    strategy: exhaustive({ reduction }),
  });
  const { user, system } = process.cpuUsage(before);
  const { states, seconds } = statistics;
  return {
    clients,
    requests,
    reduction,
    verdict,
    ...statistics,
    seconds: Number(seconds.toFixed(2)),
    cpuSeconds: Number(((user + system) / 1e6).toFixed(2)),
    statesPerSecond: Math.round(states / seconds),
    megabytes: Math.round(process.memoryUsage.rss() / 1e6),
  };
}
