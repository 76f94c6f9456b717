import { UsageError } from '../kernel/usageError.js';
import { type HeapObject, isIndex, LENGTH } from './memory.js';

/** What a proxy does for the code that holds it: the execution that is going on. */
export interface MemoryAccess {
  readCell(object: HeapObject, key: string): { readonly present: boolean; readonly value: unknown };
  listKeys(object: HeapObject): readonly string[];
  writeCell(object: HeapObject, key: string, value: unknown): void;
  deleteCell(object: HeapObject, key: string): void;
  /** Makes an object of memory from a literal and gives its proxy. */
  allocate(literal: object): object;
  refuse(problem: string, fix: string): never;
}

let access: MemoryAccess | undefined;

/** Runs code for which memory means `to`; calls nest. */
export function withMemory<T>(to: MemoryAccess, run: () => T): T {
  const before = access;
  access = to;
  try {
    return run();
  } finally {
    access = before;
  }
}

/**
 * Makes an object of memory at once: what is then read or written through the result is shared. No point, no `yield*`.
 *
 * @param literal a plain object or array; it is copied and frozen
 * @throws UsageError outside of a thread
 */
export function allocate<T extends object>(literal: T): T {
  if (!access)
    throw new UsageError('allocate() was called outside of a thread', 'call it in the code of a routine');
  return access.allocate(literal) as T;
}

function accessTo(object: HeapObject): MemoryAccess {
  if (access) return access;
  throw new UsageError(
    `the memory object '${object.name}' was used outside of a thread`,
    'look at memory through world.snapshot(address).context.memory',
  );
}

/** One proxy per object, so that `===` works and references stay good when the world is rolled back. */
export class MemoryProxies {
  readonly #proxies = new Map<HeapObject, object>();
  readonly #objects = new WeakMap<object, HeapObject>();

  of(object: HeapObject): object {
    let proxy = this.#proxies.get(object);
    if (!proxy) {
      proxy = new Proxy(object.isArray ? [] : {}, traps(object));
      this.#proxies.set(object, proxy);
      this.#objects.set(proxy, object);
    }
    return proxy;
  }

  /** The object behind a proxy; `undefined` for anything else. */
  objectOf(value: object): HeapObject | undefined {
    return this.#objects.get(value);
  }
}

function traps(object: HeapObject): ProxyHandler<object> {
  const isCell = (key: string): boolean => !object.isArray || isIndex(key) || key === LENGTH;
  return {
    get(target, key) {
      if (typeof key === 'symbol' || !isCell(key)) return Reflect.get(target, key);
      const { present, value } = accessTo(object).readCell(object, key);
      return present ? value : Reflect.get(Object.prototype, key);
    },
    has(target, key) {
      if (typeof key === 'symbol' || !isCell(key)) return Reflect.has(target, key);
      return accessTo(object).readCell(object, key).present;
    },
    ownKeys: () => [...accessTo(object).listKeys(object), ...(object.isArray ? [LENGTH] : [])],
    getOwnPropertyDescriptor(target, key) {
      if (typeof key === 'symbol') return Reflect.getOwnPropertyDescriptor(target, key);
      const { present, value } = accessTo(object).readCell(object, key);
      const isLength = object.isArray && key === LENGTH;
      return present ? { value, writable: true, enumerable: !isLength, configurable: !isLength } : undefined;
    },
    set(_target, key, value) {
      const to = accessTo(object);
      if (typeof key === 'symbol' || !isCell(key)) refuseKey(to, object, key);
      to.writeCell(object, key, value);
      return true;
    },
    defineProperty(_target, key, descriptor) {
      const to = accessTo(object);
      if (typeof key === 'symbol' || !isCell(key) || !('value' in descriptor)) refuseKey(to, object, key);
      to.writeCell(object, key, descriptor.value);
      return true;
    },
    deleteProperty(_target, key) {
      if (typeof key === 'string') accessTo(object).deleteCell(object, key);
      return true;
    },
    preventExtensions: () =>
      accessTo(object).refuse(`'${object.name}' was frozen or sealed`, 'memory stays writable'),
    setPrototypeOf: () =>
      accessTo(object).refuse(
        `the prototype of '${object.name}' was set`,
        'memory holds plain objects and arrays',
      ),
  };
}

function refuseKey(to: MemoryAccess, object: HeapObject, key: string | symbol): never {
  return to.refuse(
    `'${String(key)}' was set on '${object.name}'`,
    'memory holds plain objects and arrays: use string keys, and indices on arrays',
  );
}
