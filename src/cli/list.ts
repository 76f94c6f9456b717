import { exampleSystems } from '../../examples/index.js';

/** `interlace list`: one line per entry, or all of them as JSON. */
export function listCommand(json: boolean): number {
  const entries = exampleSystems.map(({ name, summary }) => ({ name, kind: 'system', summary }));
  if (json) {
    process.stdout.write(`${JSON.stringify({ formatVersion: 1, entries }, undefined, 2)}\n`);
    return 0;
  }
  const width = Math.max(...entries.map((entry) => entry.name.length));
  for (const { name, kind, summary } of entries)
    process.stdout.write(`${name.padEnd(width)}  ${kind}  ${summary}\n`);
  return 0;
}
