const STANDARD = [EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError, Error] as const;

/** The name that an error goes by: an own or inherited `name`, as text. */
export function errorName(error: Error): string {
  return String(error.name);
}

/**
 * A frozen error with the same name and message and no stack: as a value, an error is its name and its message (architecture
 * 4.3). Its class is the standard class of that name, else `Error`, so that it does not depend on which error came first.
 */
export function canonicalError(error: Error): Error {
  const name = errorName(error);
  const standard = STANDARD.find((type) => type.name === name) ?? Error;
  const copy = new standard(String(error.message));
  if (copy.name !== name) Object.defineProperty(copy, 'name', { value: name });
  Object.defineProperty(copy, 'stack', { value: `${name}: ${copy.message}` });
  return Object.freeze(copy);
}
