import type { Order } from './frontier.js';

/** What an outcome calls an exhaustive search. */
export function exhaustiveName(order: Order, isReduced: boolean): string {
  return `exhaustive (${order === 'bfs' ? 'breadth' : 'depth'} first${isReduced ? ', reduced' : ''})`;
}
