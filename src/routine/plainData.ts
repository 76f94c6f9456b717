import { isIndex } from './heapObject.js';

/** What is wrong with something that was to be memory, and where in it. */
export interface Unfit {
  readonly what: string;
  /** The keys that lead to it, outermost first. */
  readonly path: readonly string[];
}

/**
 * The keys and values of a plain object or array, as memory may hold them.
 *
 * @returns what is wrong instead: a class instance, an accessor, a symbol as key, a named property of an array
 */
export function cellsOf(literal: object): ReadonlyMap<string, unknown> | Unfit {
  const isArray = Array.isArray(literal);
  if (!isPlain(literal, isArray)) return { what: instanceName(literal), path: [] };
  const cells = new Map<string, unknown>();
  for (const key of Reflect.ownKeys(literal)) {
    if (isArray && key === 'length') continue;
    if (typeof key === 'symbol') return { what: `an object with the key ${String(key)}`, path: [] };
    if (isArray && !isIndex(key)) return { what: `an array with a property '${key}'`, path: [] };
    const descriptor = Reflect.getOwnPropertyDescriptor(literal, key);
    if (!descriptor || !('value' in descriptor)) return { what: 'an accessor', path: [key] };
    cells.set(key, descriptor.value);
  }
  return cells;
}

/** Records and arrays as literals make them, of any realm: a chain of prototypes of length 1 or 2, or none at all. */
function isPlain(value: object, isArray: boolean): boolean {
  let prototypes = 0;
  for (let at: unknown = value; prototypes < 3; prototypes++) {
    at = Object.getPrototypeOf(at);
    if (at === null) break;
  }
  return isArray ? prototypes === 2 : prototypes < 2;
}

function instanceName(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  const maker: unknown =
    typeof prototype === 'object' && prototype !== null
      ? Reflect.getOwnPropertyDescriptor(prototype, 'constructor')?.value
      : undefined;
  return `an instance of ${typeof maker === 'function' && maker.name !== '' ? maker.name : 'a class'}`;
}

export function isUnfit(cells: ReadonlyMap<string, unknown> | Unfit): cells is Unfit {
  return 'what' in cells;
}

export const UNFIT_ADVICE = 'memory holds primitives, plain objects and arrays';
