import { UsageError } from '../kernel/usageError.js';
import { type Activity, type CellAccess, currentActivity } from './activity.js';
import {
  type HeapObject,
  isCellOf,
  isHeapObject,
  isIndex,
  LENGTH,
  type MemoryValue,
  RoutineName,
} from './heapObject.js';

/** One proxy per object, so that `===` works and references stay good when the world is rolled back. */
export class MemoryProxies {
  readonly #proxies = new Map<HeapObject, object>();
  readonly #objects = new WeakMap<object, HeapObject>();
  readonly #routines: ReadonlyMap<string, object> | undefined;
  readonly #names: ReadonlyMap<object, RoutineName>;

  /** @param routines functions that may be stored in memory, by name */
  constructor(routines?: ReadonlyMap<string, object>) {
    this.#routines = routines;
    this.#names = new Map([...(routines ?? [])].map(([name, routine]) => [routine, new RoutineName(name)]));
  }

  of(object: HeapObject): object {
    let proxy = this.#proxies.get(object);
    if (!proxy) {
      proxy = new Proxy(
        object.isArray ? [] : {},
        traps(object, (receiver) => receiver === proxy),
      );
      this.#proxies.set(object, proxy);
      this.#objects.set(proxy, object);
    }
    return proxy;
  }

  /** What code gets for a value. */
  decode(value: MemoryValue): unknown {
    if (value instanceof RoutineName) return this.#routines?.get(value.name);
    return isHeapObject(value) ? this.of(value) : value;
  }

  /** The name of a function that memory may hold; `undefined` for any other. */
  routineName(routine: object): RoutineName | undefined {
    return this.#names.get(routine);
  }

  /** The object behind a proxy; `undefined` for anything else. */
  objectOf(value: object): HeapObject | undefined {
    return this.#objects.get(value);
  }
}

function activity(object: HeapObject): Activity {
  const now = currentActivity();
  if (now) return now;
  throw new UsageError(
    `the memory object '${object.name}' was used outside of a thread`,
    'look at memory through world.snapshot(address).context.memory',
  );
}

function cells(object: HeapObject): CellAccess {
  return activity(object).cells;
}

const OWN = { writable: true, enumerable: true, configurable: true };

/** The traps let a record and an array behave as JavaScript's own; what memory cannot hold is refused. */
function traps(object: HeapObject, isSelf: (receiver: unknown) => boolean): ProxyHandler<object> {
  const isCell = (key: string | symbol): key is string => typeof key === 'string' && isCellOf(object, key);
  const store = (key: string | symbol, value: unknown): boolean => {
    if (!isCell(key) || key === '__proto__') refuseKey(object, key);
    cells(object).writeCell(object, key, value);
    return true;
  };
  return {
    get(target, key) {
      if (!isCell(key)) return Reflect.get(target, key);
      const { present, value } = cells(object).readCell(object, key);
      return present ? value : Reflect.get(Object.prototype, key);
    },
    has(target, key) {
      if (!isCell(key)) return Reflect.has(target, key);
      return cells(object).readCell(object, key).present || Reflect.has(Object.prototype, key);
    },
    ownKeys: () => [...cells(object).listKeys(object), ...(object.isArray ? [LENGTH] : [])],
    getOwnPropertyDescriptor(target, key) {
      if (!isCell(key)) return Reflect.getOwnPropertyDescriptor(target, key);
      const { present, value } = cells(object).readCell(object, key);
      const isLength = object.isArray && key === LENGTH;
      return present ? { value, writable: true, enumerable: !isLength, configurable: !isLength } : undefined;
    },
    // An object that has a proxy as its prototype keeps what is set on it.
    set: (_target, key, value, receiver) =>
      isSelf(receiver) ? store(key, value) : Reflect.defineProperty(receiver, key, { ...OWN, value }),
    defineProperty(_target, key, descriptor) {
      if (!('value' in descriptor)) refuseKey(object, key);
      return store(key, descriptor.value);
    },
    deleteProperty(_target, key) {
      if (!isCell(key)) return true;
      if (object.isArray && !isIndex(key)) return false;
      cells(object).deleteCell(object, key);
      return true;
    },
    preventExtensions: () =>
      activity(object).refuse(`'${object.name}' was frozen or sealed`, 'memory stays writable'),
    setPrototypeOf: () =>
      activity(object).refuse(
        `the prototype of '${object.name}' was set`,
        'memory holds plain objects and arrays',
      ),
  };
}

function refuseKey(object: HeapObject, key: string | symbol): never {
  return activity(object).refuse(
    `'${String(key)}' was set on '${object.name}'`,
    'memory holds plain objects and arrays: use string keys, and indices on arrays',
  );
}
