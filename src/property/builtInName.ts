/** The names under which built-in properties are found violated; no property of a user's can have one. */
export const BuiltInName = {
  failures: 'no failures',
  unhandled: 'no unhandled events',
  deadlock: 'no deadlock',
  mailbox: 'bounded mailboxes',
  race: 'no data race',
} as const;

const names: readonly string[] = Object.values(BuiltInName);

export function isBuiltInName(name: string): boolean {
  return names.includes(name);
}
