import { UsageError } from './usageError.js';

/** The names that options of type `T` have: `{ states: true, … } satisfies Names<Bounds>`. */
export type Names<T> = { readonly [K in keyof Required<T>]: true };

/**
 * Looks at options that code without types may have given: a misspelt one would silently do nothing.
 *
 * @param what how the message calls them, e.g. `the bounds`
 * @throws UsageError when they are no object, or have a name that is none
 */
export function mustBeOptions(what: string, value: unknown, names: Readonly<Record<string, true>>): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UsageError(`${what} cannot be ${shown(value)}`, `give { ${Object.keys(names).join(', ')} }`);
  const unknown = Object.keys(value).find((key) => !Object.hasOwn(names, key));
  if (unknown === undefined) return;
  throw new UsageError(`${what} cannot have '${unknown}'`, `what there is: ${Object.keys(names).join(', ')}`);
}

/**
 * A whole number, `least` or more.
 *
 * @throws UsageError when it is something else
 */
export function wholeNumber(option: string, value: unknown, least: number): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value;
  throw new UsageError(`${option} is ${shown(value)}`, `use a whole number, ${least} or more`);
}

/** @throws UsageError when something that may be left out is there, and no function */
export function mayBeFunction(option: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function')
    throw new UsageError(`${option} is ${shown(value)}`, 'give a function, or leave it out');
}

/** @throws UsageError when something that may be left out is there, and no `AbortSignal` */
export function mayBeSignal(option: string, value: unknown): void {
  const isSignal = typeof value === 'object' && value !== null && 'aborted' in value;
  if (value !== undefined && !isSignal)
    throw new UsageError(`${option} is ${shown(value)}`, 'give the signal of an AbortController');
}

/** A value in a sentence, short: text in quotes, functions and objects by their kind. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 39)}…` : value);
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}
