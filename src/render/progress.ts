import type { SearchCount } from '../explore/strategy.js';

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** How far a search has come after some seconds, in one line: `states 1.2M · 1.1M/s · depth 41 · frontier 80k · 00:03`. */
export function progressLine({
  states,
  depth,
  frontier,
  seconds,
}: Pick<SearchCount, 'states' | 'depth' | 'frontier'> & { readonly seconds: number }): string {
  const rate = seconds > 0 ? states / seconds : 0;
  return [
    `states ${short(states)}`,
    `${short(rate)}/s`,
    `depth ${depth}`,
    `frontier ${short(frontier)}`,
    clock(seconds),
  ].join(' · ');
}

/** A number in at most four digits and the letter of its magnitude. */
function short(number: number): string {
  return compact.format(number).replace('K', 'k');
}

/** Minutes and seconds. */
function clock(seconds: number): string {
  const parts = [Math.floor(seconds / 60), Math.floor(seconds % 60)];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}
