/** `Object.freeze` leaves the insides of Map, Set, Date and typed arrays open; this file closes what can be closed. */

export type TypedArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/** True for all typed arrays, false for `DataView` and buffers. */
export function isTypedArray(value: object): value is TypedArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

const MAP_MUTATORS = ['set', 'delete', 'clear'];
const SET_MUTATORS = ['add', 'delete', 'clear'];
const DATE_MUTATORS = Object.getOwnPropertyNames(Date.prototype).filter((name) => name.startsWith('set'));

/** Makes every mutating method of the object throw a TypeError, as a frozen plain object does, and freezes the object. */
export function protect<T extends Map<unknown, unknown> | Set<unknown> | Date>(object: T): T {
  const mutators =
    object instanceof Map ? MAP_MUTATORS : object instanceof Set ? SET_MUTATORS : DATE_MUTATORS;
  for (const name of mutators) {
    const refuse = (): never => {
      throw new TypeError(
        `Cannot assign to read only ${object.constructor.name}: ${name}() was called on a value`,
      );
    };
    Object.defineProperty(object, name, { value: refuse });
  }
  return Object.freeze(object);
}
