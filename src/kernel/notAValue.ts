import { isTypedArray } from './frozenBuiltIns.js';

/** How deep a value may be. */
export const DEPTH_LIMIT = 500;
export const TOO_DEEP = `a cycle or more than ${DEPTH_LIMIT} levels deep`;
/** Of a path that is too deep, so many characters are told. */
const TOLD = 60;

/** Something that is no value; the path says where, e.g. `.pins[3].callback`. */
export class NotAValueError extends Error {
  override readonly name = 'NotAValueError';
  constructor(
    readonly path: string,
    readonly what: string,
  ) {
    super(`${path === '' ? 'it' : path} is ${what}, which is not plain data`);
  }

  /** What was thrown for a part of a value, as it is thrown for the whole: the path begins with the step to the part. */
  static below(step: string, error: unknown): unknown {
    if (!(error instanceof NotAValueError)) return error;
    const path = step + error.path;
    const isCut = error.what === TOO_DEEP && path.length > TOLD;
    return new NotAValueError(isCut ? `${path.slice(0, TOLD - 1)}…` : path, error.what);
  }
}

/** The names of all properties. @throws NotAValueError when there are symbols among them */
export function namesOf(object: object): readonly string[] {
  const names: string[] = [];
  for (const key of Reflect.ownKeys(object)) {
    if (typeof key === 'symbol') throw new NotAValueError('', `an object with the symbol key ${String(key)}`);
    names.push(key);
  }
  return names;
}

/** The value of an own property. @throws NotAValueError when it has none, or is hidden */
export function dataProperty(object: object, key: string): unknown {
  const descriptor = Object.getOwnPropertyDescriptor(object, key);
  if (!descriptor || !('value' in descriptor)) throw new NotAValueError('', 'an accessor (get/set)');
  if (!descriptor.enumerable) throw new NotAValueError('', 'a hidden (non-enumerable) property');
  return descriptor.value;
}

/** Whether an object of a built-in kind says more than that kind does: an instance of a class of its own, or extra properties. */
export function isForeign(value: object): boolean {
  const isTyped = isTypedArray(value);
  if (
    !isTyped &&
    !Array.isArray(value) &&
    !(value instanceof Map || value instanceof Set || value instanceof Date)
  )
    return false;
  let depth = 0;
  for (let at: unknown = Object.getPrototypeOf(value); at; at = Object.getPrototypeOf(at)) depth++;
  if (depth !== (isTyped ? 3 : 2)) return true;
  return !isTyped && !Array.isArray(value) && Reflect.ownKeys(value).length > 0;
}

/** Plain objects of other realms (a worker, a test runner's sandbox) are plain too. */
export function isPlainPrototype(prototype: unknown): boolean {
  if (prototype === Object.prototype) return true;
  if (typeof prototype !== 'object' || prototype === null || Object.getPrototypeOf(prototype) !== null)
    return false;
  return Object.hasOwn(prototype, 'isPrototypeOf');
}

/** What something is that is no plain data, for messages. */
export function describe(value: unknown): string {
  if (typeof value === 'function') return value.name ? `the function '${value.name}'` : 'a function';
  if (typeof value === 'symbol') return `the ${String(value)}`;
  if (value instanceof Promise) return 'a promise';
  if (typeof value !== 'object' || value === null) return `a ${typeof value}`;
  const name: unknown = value.constructor?.name;
  if (name === 'Object') return 'an object with a prototype of its own';
  return `an instance of ${typeof name === 'string' && name !== '' ? name : 'a class'}`;
}
