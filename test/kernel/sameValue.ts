/** Whether two values are equal in every way that code can see: the oracle for canonical texts. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b);
  if (tag(a) !== tag(b)) return false;
  if (a instanceof Date && b instanceof Date) return Object.is(a.getTime(), b.getTime());
  if (a instanceof Error && b instanceof Error) return a.name === b.name && a.message === b.message;
  if (a instanceof Map && b instanceof Map) return sameList([...a].flat(), [...b].flat());
  if (a instanceof Set && b instanceof Set) return sameList([...a], [...b]);
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  const keys = Object.keys(a);
  if (!sameList(keys, Object.keys(b))) return false;
  if (Array.isArray(a) && Array.isArray(b) && a.length !== b.length) return false;
  return keys.every((key) => sameValue(Reflect.get(a, key), Reflect.get(b, key)));
}

function sameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((x, i) => sameValue(x, b[i]));
}

function tag(value: object): string {
  return Object.prototype.toString.call(value);
}
