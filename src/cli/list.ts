import { type Edge, ExitCode, printJson } from './edge.js';

/** `interlace list`: one line per entry, or all of them as JSON. */
export function listCommand({ json }: { readonly json?: true }, { terminal, catalog }: Edge): number {
  const entries = [
    ...catalog.scenarios.map(({ name, summary }) => ({ name, kind: 'scenario', summary })),
    ...catalog.systems.map(({ name, summary }) => ({ name, kind: 'system', summary })),
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
