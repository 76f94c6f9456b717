import type { SrbResult } from 'interlace/streaming';

interface Delivered {
  readonly id: string;
}

/** What the minidriver gives back all at once, as it was delivered (F-017). Between queues there is no order (J60). */
export function inDeliveryOrder(
  srbs: readonly SrbResult[],
  delivered: readonly Delivered[],
): readonly SrbResult[] {
  const place = ({ id }: SrbResult): number => delivered.findIndex((srb) => srb.id === id);
  return [...srbs].sort((a, b) => place(a) - place(b));
}

/**
 * Whether an abort has ended all of a queue's SRBs. One that it has not ended is on its way to the minidriver still, or has been
 * sent after a Ready of its own: then nothing else may follow it (D-023).
 */
export function areAll(delivered: readonly Delivered[], aborted: readonly SrbResult[]): boolean {
  return delivered.every(({ id }) => aborted.some((srb) => srb.id === id));
}
