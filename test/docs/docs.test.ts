import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { namedPaths, runnableBlocks } from './markdown.js';

const root = resolve(import.meta.dirname, '../..');
const pages = ['README.md', ...readdirSync(join(root, 'docs')).map((file) => `docs/${file}`)]
  .filter((page) => page.endsWith('.md') && existsSync(join(root, page)))
  .map((page) => ({ page, text: readFileSync(join(root, page), 'utf8') }));

/** The blocks run as files inside the repository, so that they import `interlace` as a user's file does. */
let folder: string;

beforeAll(() => {
  mkdirSync(join(root, '.interlace'), { recursive: true });
  folder = mkdtempSync(join(root, '.interlace/docs-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

function run(name: string, code: string): Promise<unknown> {
  const file = join(folder, `${name.replaceAll(/\W/g, '-')}.ts`);
  writeFileSync(file, code);
  return import(file);
}

function missingPaths(page: string, text: string): string[] {
  const { links, quoted } = namedPaths(text);
  const fromPage = links.filter((path) => !existsSync(join(root, dirname(page), path)));
  const fromRoot = quoted.filter((path) => !existsSync(join(root, path)));
  return [...fromPage, ...fromRoot];
}

describe.each(pages)('$page', ({ page, text }) => {
  it('names only files that exist', () => {
    expect(missingPaths(page, text)).toEqual([]);
  });

  for (const { line, code } of runnableBlocks(text)) {
    it(`has a code block at line ${line} that runs`, async () => {
      await run(`${page}:${line}`, code);
    });
  }
});

describe('the check of the documentation', () => {
  it('finds paths that do not exist', () => {
    const text =
      '[Here](ARCHITECTURE.md), [there](gone.md#top), `src/gone.ts`, `docs/GLOSSARY.md`, [out](https://a.b).';
    expect(missingPaths('docs/page.md', text)).toEqual(['gone.md', 'src/gone.ts']);
  });

  it('finds code that fails', async () => {
    const [block] = runnableBlocks("text\n\n```ts\nthrow new Error('broken sample');\n```\n");
    expect(block?.line).toBe(4);
    await expect(run('broken sample', block?.code ?? '')).rejects.toThrow('broken sample');
  });

  it('leaves out blocks marked no-run, and other languages', () => {
    expect(runnableBlocks('```ts no-run\nfail();\n```\n\n```sh\nfail\n```\n\n```tsx\nfail\n```\n')).toEqual(
      [],
    );
  });
});
