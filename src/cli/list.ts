import type { PublishedCount } from '../../examples/publishedCounts.js';
import { type Edge, ExitCode, printJson } from './edge.js';

/** `interlace list`: one line per entry, or all of them as JSON. */
export function listCommand({ json }: { readonly json?: true }, { terminal, catalog }: Edge): number {
  const { scenarios, systems, published } = catalog;
  const entries = [
    ...scenarios.map(({ name, summary }) => ({ name, kind: 'scenario', summary, ...shown(published[name]) })),
    ...systems.map(({ name, summary, system }) => ({
      ...{ name, kind: 'system', summary },
      ...shown(published[system.name]),
    })),
  ];
  if (json) {
    printJson(terminal, { entries });
    return ExitCode.done;
  }
  const column = (key: 'name' | 'kind'): number => Math.max(...entries.map((entry) => entry[key].length));
  const [nameWidth, kindWidth] = [column('name'), column('kind')];
  for (const { name, kind, summary } of entries)
    terminal.out(`${name.padEnd(nameWidth)}  ${kind.padEnd(kindWidth)}  ${summary}\n`);
  return ExitCode.done;
}

/** `null` for what nobody has published. A check that finds a violation ends there, and has no number of states to compare. */
function shown(published?: PublishedCount): { verdict: string | null; states: number | null } {
  const { verdict = null, states = null } = published ?? {};
  return { verdict, states: verdict === 'holds' ? states : null };
}
