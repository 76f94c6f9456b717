import { isDeepStrictEqual } from 'node:util';

/** Enough for a test that takes the same few settings in turn. */
const MOST = 8;

/**
 * A function that gives the very same result again for an equal argument, as long as that is one of the last few. Functions are
 * equal to themselves only. So whoever plays one minidriver with many seeds plays it in one world, wherever it is made.
 */
export function remembered<Argument, Result>(
  make: (argument: Argument) => Result,
  isSame: (a: Argument, b: Argument) => boolean = isDeepStrictEqual,
): (argument: Argument) => Result {
  let last: { readonly argument: Argument; readonly result: Result }[] = [];
  return (argument) => {
    const found = last.find((other) => isSame(other.argument, argument));
    const entry = found ?? { argument, result: make(argument) };
    last = [entry, ...last.filter((other) => other !== entry)].slice(0, MOST);
    return entry.result;
  };
}
