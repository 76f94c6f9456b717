/** A `ts` code block of a page that is meant to run. */
export interface Block {
  /** The line of the page on which the code begins, counted from 1. */
  readonly line: number;
  readonly code: string;
}

/** The code blocks that open with ```` ```ts ````, except those marked `no-run` in the same line. */
export function runnableBlocks(page: string): Block[] {
  return [...page.matchAll(/^```ts\b(?<info>[^\n]*)\n(?<code>.*?)^```$/gms)]
    .filter(({ groups }) => !groups?.['info']?.split(/\s+/).includes('no-run'))
    .map(({ index, groups }) => ({
      line: page.slice(0, index).split('\n').length + 1,
      code: groups?.['code'] ?? '',
    }));
}

const fence = /^```.*?^```$/gms;
const link = /\]\((?![a-z]+:|#)(?<path>[^)#\s]+)[^)]*\)/g;
const quoted = /`(?<path>(?:src|docs|test|examples|machines|bench|\.ci)\/[^`\s*<>{}…]*)`/g;

/** What a page names: by relative links, from its own folder, and by paths in backticks, from the root. */
export function namedPaths(page: string): { links: string[]; quoted: string[] } {
  const text = page.replace(fence, '');
  const paths = (pattern: RegExp) =>
    [...text.matchAll(pattern)].flatMap(({ groups }) => groups?.['path'] ?? []);
  return { links: paths(link), quoted: paths(quoted) };
}
