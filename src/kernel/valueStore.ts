import { canonicalError, errorName } from './canonicalError.js';
import { isTypedArray, protect, type TypedArray } from './frozenBuiltIns.js';
import {
  DEPTH_LIMIT,
  dataProperty,
  describe,
  isForeign,
  isPlainPrototype,
  NotAValueError,
  namesOf,
  TOO_DEEP,
} from './notAValue.js';

/**
 * Values (architecture 4.3): plain data, hash-consed and deeply frozen, so that `===` means equal content.
 *
 * Walk through: {@link ValueStore.intern} descends into a value. A primitive is its own canonical copy; of every composite the
 * children are interned first, then its *canonical text* is put together from theirs, and the text decides whether an equal
 * composite is known already: then that one is the result, else a frozen copy. Objects that came out of the store are
 * recognised by identity, so the unchanged parts of a context cost one look-up.
 *
 * The canonical text tags every type and is injective: `NaN` is one value, `-0` is not `0`, `undefined` is not a missing key,
 * key order counts (code can see it). It is the only base of content hashes.
 */
export interface InternedValue {
  /** The canonical, deeply frozen copy. */
  readonly value: unknown;
  /** Its canonical text. */
  readonly text: string;
  /** Indices of the opaque leaves in it (see {@link Leaves}), ascending, each once. */
  readonly mentions: readonly number[];
  /** Typed arrays in it: JavaScript cannot freeze their elements, so whoever hands them out checks them afterwards. */
  readonly unfreezable: readonly TypedArray[];
}

/** Objects that are values although they are not plain data: in a world, the references to actors. */
export interface Leaves {
  /** The leaf that an object stands for, or `undefined` when it is none. */
  leafOf(
    object: object,
  ): { readonly value: object; readonly text: string; readonly index: number } | undefined;
}

/** A key of records: how it goes on in a path, and how its entry begins in a text. */
interface Key {
  readonly step: string;
  readonly text: string;
}

const NO_NUMBERS: readonly number[] = [];
const NO_ARRAYS: readonly TypedArray[] = [];

export class ValueStore {
  readonly #leaves: Leaves;
  readonly #keys = new Map<string, Key>();
  #byText = new Map<string, InternedValue>();
  #byObject = new WeakMap<object, InternedValue>();

  constructor(leaves: Leaves) {
    this.#leaves = leaves;
  }

  /** How many distinct composites are known. */
  get size(): number {
    return this.#byText.size;
  }

  /** Forgets every composite; canonical copies that are still in use become ordinary values and are interned anew. */
  clear(): void {
    this.#byText = new Map();
    this.#byObject = new WeakMap();
  }

  /**
   * The canonical copy of a value.
   *
   * @throws NotAValueError for functions, symbols, class instances, accessors, hidden or symbol keys, promises and cycles
   */
  intern(value: unknown): InternedValue {
    return this.#intern(value, 0);
  }

  /** Whether nobody has written into the parts of a canonical copy that JavaScript cannot freeze. */
  isIntact(interned: InternedValue): boolean {
    return interned.unfreezable.every((array) => {
      const known = this.#byObject.get(array);
      return known === undefined || known.text === typedArrayText(array);
    });
  }

  #intern(value: unknown, depth: number): InternedValue {
    if (typeof value !== 'object' || value === null) return primitive(value);
    const known = this.#byObject.get(value);
    if (known) return known;
    const leaf = this.#leaves.leafOf(value);
    if (leaf) return { value: leaf.value, text: leaf.text, mentions: [leaf.index], unfreezable: NO_ARRAYS };
    if (depth > DEPTH_LIMIT) throw new NotAValueError('', TOO_DEEP);
    return this.#composite(value, depth + 1);
  }

  #composite(value: object, depth: number): InternedValue {
    // Most are plain; and as long as user code runs, the global Date is one that answers slowly.
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype) return this.#record(value, prototype, depth);
    if (isForeign(value)) throw new NotAValueError('', describe(value));
    if (Array.isArray(value)) return this.#array(value, depth);
    if (value instanceof Date)
      return this.#remember(`D${value.getTime()}`, () => protect(new Date(value)), []);
    if (value instanceof Error) {
      const text = `E${JSON.stringify(errorName(value))}${JSON.stringify(String(value.message))}`;
      return this.#remember(text, () => canonicalError(value), []);
    }
    if (value instanceof Map) return this.#map(value, depth);
    if (value instanceof Set) return this.#set(value, depth);
    if (isTypedArray(value)) {
      const copy = value.slice();
      return this.#remember(typedArrayText(value), () => copy, [], copy);
    }
    return this.#record(value, prototype, depth);
  }

  #map(value: ReadonlyMap<unknown, unknown>, depth: number): InternedValue {
    const all = [...value].map(
      ([k, v], i) => [this.#part(k, `.key(${i})`, depth), this.#part(v, `.value(${i})`, depth)] as const,
    );
    const entries = unique(all, ([k]) => k.text);
    const text = `M{${entries.map(([k, v]) => `${k.text}>${v.text}`).join(',')}}`;
    const copy = (): object => protect(new Map(entries.map(([k, v]) => [k.value, v.value])));
    return this.#remember(text, copy, entries.flat());
  }

  #set(value: ReadonlySet<unknown>, depth: number): InternedValue {
    const all = [...value].map((item, i) => this.#part(item, `.item(${i})`, depth));
    const items = unique(all, ({ text }) => text);
    const text = `S{${items.map((item) => item.text).join(',')}}`;
    return this.#remember(text, () => protect(new Set(items.map((item) => item.value))), items);
  }

  #part(value: unknown, step: string, depth: number): InternedValue {
    try {
      return this.#intern(value, depth);
    } catch (error) {
      throw NotAValueError.below(step, error);
    }
  }

  #array(value: readonly unknown[], depth: number): InternedValue {
    const parts: InternedValue[] = [];
    const copy: unknown[] = new Array(value.length);
    const texts: string[] = [];
    let at = 0;
    try {
      for (; at < value.length; at++) {
        if (!(at in value)) {
          texts.push('_');
          continue;
        }
        const item = this.#intern(dataProperty(value, String(at)), depth);
        parts.push(item);
        copy[at] = item.value;
        texts.push(item.text);
      }
    } catch (error) {
      throw NotAValueError.below(`[${at}]`, error);
    }
    const own = Reflect.ownKeys(value).length - 1;
    if (own !== parts.length) throw new NotAValueError('', 'an array with extra properties');
    return this.#remember(`[${texts.join(',')}]`, () => Object.freeze(copy), parts);
  }

  #record(value: object, prototype: unknown, depth: number): InternedValue {
    if (prototype !== null && !isPlainPrototype(prototype)) throw new NotAValueError('', describe(value));
    const parts: InternedValue[] = [];
    const copy: Record<string, unknown> = prototype === null ? Object.create(null) : {};
    const texts: string[] = [];
    let step = '';
    try {
      for (const name of namesOf(value)) {
        const key = this.#keyOf(name);
        step = key.step;
        const child = this.#intern(dataProperty(value, name), depth);
        parts.push(child);
        // By assignment this one key would set the prototype.
        if (name === '__proto__') Object.defineProperty(copy, name, { value: child.value, enumerable: true });
        else copy[name] = child.value;
        texts.push(key.text + child.text);
      }
    } catch (error) {
      throw NotAValueError.below(step, error);
    }
    return this.#remember(
      `${prototype === null ? 'O' : ''}{${texts.join(',')}}`,
      () => Object.freeze(copy),
      parts,
    );
  }

  #keyOf(key: string): Key {
    let known = this.#keys.get(key);
    if (!known) {
      const quoted = JSON.stringify(key);
      known = { step: /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${quoted}]`, text: `${quoted}:` };
      this.#keys.set(key, known);
    }
    return known;
  }

  #remember(
    text: string,
    copy: () => object,
    parts: readonly InternedValue[],
    unfreezable?: TypedArray,
  ): InternedValue {
    const known = this.#byText.get(text);
    if (known) return known;
    const interned: InternedValue = {
      value: copy(),
      text,
      mentions: merge(parts),
      unfreezable: unfreezable
        ? [unfreezable]
        : parts.some((p) => p.unfreezable.length > 0)
          ? parts.flatMap((p) => p.unfreezable)
          : NO_ARRAYS,
    };
    this.#byText.set(text, interned);
    if (typeof interned.value === 'object' && interned.value !== null)
      this.#byObject.set(interned.value, interned);
    return interned;
  }
}

function primitive(value: unknown): InternedValue {
  return { value, text: primitiveText(value), mentions: NO_NUMBERS, unfreezable: NO_ARRAYS };
}

function primitiveText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      return numberText(value);
    case 'boolean':
      return value ? 't' : 'f';
    case 'undefined':
      return 'u';
    case 'bigint':
      return `i${value}`;
    case 'object':
      return 'n';
    default:
      throw new NotAValueError('', describe(value));
  }
}

function numberText(value: number | bigint): string {
  if (typeof value === 'bigint') return `i${value}`;
  return Object.is(value, -0) ? 'd-0' : `d${value}`;
}

function typedArrayText(array: TypedArray): string {
  return `A${array.constructor.name}[${Array.from<number | bigint>(array).map(numberText).join(',')}]`;
}

/** Keys with equal content are one key: of several the last counts, at the place of the first, as in a Map. */
function unique<T>(items: readonly T[], key: (item: T) => string): readonly T[] {
  return [...new Map(items.map((item) => [key(item), item])).values()];
}

function merge(parts: readonly InternedValue[]): readonly number[] {
  let only: readonly number[] = NO_NUMBERS;
  let several = false;
  for (const { mentions } of parts) {
    if (mentions.length === 0 || mentions === only) continue;
    several = only.length > 0;
    if (several) break;
    only = mentions;
  }
  return several ? [...new Set(parts.flatMap((p) => p.mentions))].sort((a, b) => a - b) : only;
}
