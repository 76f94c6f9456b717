/** Whether two lists are as long and their items the same one by one; by default, as `Object.is` has it. */
export function sameList<T extends NonNullable<unknown>>(
  a: readonly T[],
  b: readonly T[],
  same: (x: T, y: T) => boolean = Object.is,
): boolean {
  const isSame = (x: T, i: number): boolean => {
    const y = b[i];
    return y !== undefined && same(x, y);
  };
  return a.length === b.length && a.every(isSame);
}
