/** Runs code that gives others a turn now and then, and gives them none. */
export function runToEnd<End>(steps: Generator<void, End, void>): End {
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
  }
}
