import { present } from '../kernel/invariant.js';
import { type ContentId, slotHash } from '../runtime/contents.js';
import type { HostSite } from '../runtime/host.js';
import { PairMap } from '../runtime/pairMap.js';

/** An object of a memory: a name and a slot. What is in it is the content of the slot. */
export class HeapObject {
  constructor(
    readonly index: number,
    /** `memory` for the root, `memory.k` for what it begins with, `<thread>#<n>` for what a thread allocated. */
    readonly name: string,
    readonly slot: number,
    readonly isArray: boolean,
  ) {}
}

/** What a cell can hold. */
export type MemoryValue = undefined | null | boolean | number | bigint | string | HeapObject;

/** The content of an object: a frozen array or record of cells. */
export interface HeapContent {
  readonly id: ContentId;
  readonly object: HeapObject;
  readonly cells: ReadonlyMap<string, MemoryValue>;
}

/** One cell gets another value, or its key goes. */
export interface CellWrite {
  readonly object: HeapObject;
  readonly key: string;
  readonly value: MemoryValue;
  readonly deleted: boolean;
}

/** The key of an array's length among its cells. */
export const LENGTH = 'length';

/** The objects of one memory, their distinct contents, and the numbers of values. */
export class Memory {
  readonly #site: HostSite;
  readonly #objects: HeapObject[] = [];
  readonly #byName = new Map<string, HeapObject>();
  readonly #contents = new Map<ContentId, HeapContent>();
  readonly #byText = new Map<string, HeapContent>();
  readonly #values: MemoryValue[] = [undefined];
  readonly #valueNumbers = new Map<string, number>();
  readonly #writes: CellWrite[] = [];
  readonly #writeNumbers = new Map<string, number>();
  readonly #written = new PairMap();

  constructor(site: HostSite) {
    this.#site = site;
  }

  get objects(): readonly HeapObject[] {
    return this.#objects;
  }

  /** The object of a name, made when the name is met for the first time. Arrays and records never share a name. */
  object(plainName: string, isArray: boolean): HeapObject {
    const name = isArray ? `${plainName}[]` : plainName;
    let object = this.#byName.get(name);
    if (!object) {
      object = new HeapObject(this.#objects.length, name, this.#site.slot('memory', name), isArray);
      this.#objects.push(object);
      this.#byName.set(name, object);
    }
    return object;
  }

  objectAt(index: number): HeapObject {
    return present(this.#objects[index], `there is a memory object number ${index}`);
  }

  content(id: ContentId): HeapContent {
    return present(this.#contents.get(id), `content ${id} is a memory object`);
  }

  intern(object: HeapObject, cells: ReadonlyMap<string, MemoryValue>): HeapContent {
    const ordered = inKeyOrder(cells);
    const text = contentText(ordered);
    const key = `${object.index}:${text}`;
    let content = this.#byText.get(key);
    if (!content) {
      const words = slotHash('memory', `${this.#site.place.address} ${object.name}`).text(text).words();
      content = { id: this.#site.addContent(words), object, cells: ordered };
      this.#byText.set(key, content);
      this.#contents.set(content.id, content);
    }
    return content;
  }

  /** The number of a value: equal values, equal numbers; never 0, which stands for a missing key. */
  valueNumber(value: MemoryValue): number {
    const text = valueText(value);
    let number = this.#valueNumbers.get(text);
    if (number === undefined) {
      number = this.#values.push(value) - 1;
      this.#valueNumbers.set(text, number);
    }
    return number;
  }

  value(number: number): MemoryValue {
    return this.#values[number];
  }

  writeNumber(write: CellWrite): number {
    const key = `${write.object.index}.${write.key}${write.deleted ? '!' : `=${valueText(write.value)}`}`;
    let number = this.#writeNumbers.get(key);
    if (number === undefined) {
      number = this.#writes.push(write) - 1;
      this.#writeNumbers.set(key, number);
    }
    return number;
  }

  write(number: number): CellWrite {
    return present(this.#writes[number], `there is a memory write number ${number}`);
  }

  /** The content after a write. */
  after(content: ContentId, writeNumber: number): ContentId {
    const known = this.#written.get(content, writeNumber);
    if (known !== -1) return known;
    const { object, cells } = this.content(content);
    const { key, value, deleted } = this.write(writeNumber);
    const next = new Map(cells);
    if (deleted) next.delete(key);
    else next.set(key, value);
    if (object.isArray && key === LENGTH) dropBeyond(next, value);
    const after = this.intern(object, next).id;
    this.#written.set(content, writeNumber, after);
    return after;
  }
}

/** Canonical text of a value; objects by name. */
export function valueText(value: MemoryValue): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
      return `${value}n`;
    case 'object':
      return value === null ? 'null' : `&${value.name}`;
    default:
      return String(value);
  }
}

/** Canonical text of an object's cells. */
export function contentText(cells: ReadonlyMap<string, MemoryValue>): string {
  return [...cells].map(([key, value]) => `${JSON.stringify(key)}:${valueText(value)}`).join(',');
}

/** Integer keys ascending, then the others as they came: the order in which JavaScript lists keys. */
function inKeyOrder(cells: ReadonlyMap<string, MemoryValue>): ReadonlyMap<string, MemoryValue> {
  const entries = [...cells];
  const integers = entries.filter(([key]) => isIndex(key)).sort(([a], [b]) => Number(a) - Number(b));
  return new Map([...integers, ...entries.filter(([key]) => !isIndex(key))]);
}

export function isIndex(key: string): boolean {
  return /^(0|[1-9]\d{0,9})$/.test(key) && Number(key) < 2 ** 32 - 1;
}

function dropBeyond(cells: Map<string, MemoryValue>, length: MemoryValue): void {
  for (const key of [...cells.keys()]) if (isIndex(key) && Number(key) >= Number(length)) cells.delete(key);
}
