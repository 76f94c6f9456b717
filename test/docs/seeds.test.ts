import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const rows = readFileSync(join(root, 'docs/SEEDS.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| \d/.test(line));
const named = rows.flatMap((row) =>
  [...row.matchAll(/`(?<file>test\/[^`]+\.test\.ts)`: (?<title>[^|<]+?)(?: \||<br>)/g)].map(({ groups }) => ({
    file: groups?.['file'] ?? '',
    title: groups?.['title'] ?? '',
  })),
);

/** Whether a test of a file has a title that begins so. */
function hasTest(file: string, title: string): boolean {
  return existsSync(join(root, file)) && readFileSync(join(root, file), 'utf8').includes(`'${title}`);
}

describe('the table of the founding documents', () => {
  it('has a row for each of their 34 and 21 sentences', () => {
    expect(rows.map((row) => Number(/^\| (\d+)/.exec(row)?.[1]))).toEqual([
      ...Array.from({ length: 34 }, (_, i) => i + 1),
      ...Array.from({ length: 21 }, (_, i) => i + 1),
    ]);
  });

  it('names only tests that there are', () => {
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter(({ file, title }) => !hasTest(file, title))).toEqual([]);
    expect(hasTest('test/docs/docs.test.ts', 'no such test')).toBe(false);
  });
});
