/**
 * Makes a run that shows something as short as it gets by leaving out choices, and then lets actors go on as long as they can.
 *
 * Walk through: {@link minimised} first tries to leave out halves, quarters and so on, down to single choices, as long as that
 * helps (delta debugging, Zeller and Hildebrandt 2002); then it tries to move each choice behind the last one of the same
 * actor. It takes what is shorter, or as long with fewer switches between actors. Deterministic. No single choice of the
 * result can be left out, as far as `shows` was not tired; a run that is shorter in another way may exist.
 *
 * @param schedule the choices of a run by name
 * @param shows plays choices as far as they fit, passing over those that do not; gives those that were taken until the run
 *   showed it, or `undefined` when it does not, or when it is tired of trying; gives the word now and then
 */
export function* minimised(
  schedule: readonly string[],
  shows: (schedule: readonly string[]) => Generator<void, readonly string[] | undefined, void>,
): Generator<void, readonly string[], void> {
  let best = (yield* shows(schedule)) ?? schedule;
  const takes = function* (candidate: readonly string[]): Generator<void, boolean, void> {
    const shown = yield* shows(candidate);
    if (!shown || !isBetter(shown, best)) return false;
    best = shown;
    return true;
  };
  for (let size = Math.ceil(best.length / 2); size >= 1; ) {
    let helped = false;
    for (let at = 0; at < best.length; ) {
      if (yield* takes([...best.slice(0, at), ...best.slice(at + size)])) helped = true;
      else at += size;
    }
    if (!helped || size > 1) size = size === 1 ? 0 : Math.ceil(size / 2);
  }
  for (let helped = true; helped; ) {
    helped = false;
    for (let at = 1; at < best.length; at++) helped = (yield* takes(movedBack(best, at))) || helped;
  }
  return best;
}

/** How often a run goes on with another actor. */
export function switches(schedule: readonly string[]): number {
  return schedule.filter((choice, i) => i > 0 && actorOf(choice) !== actorOf(schedule[i - 1] ?? '')).length;
}

function isBetter(a: readonly string[], b: readonly string[]): boolean {
  return a.length < b.length || (a.length === b.length && switches(a) < switches(b));
}

/** The run with a choice right behind the last one before it of the same actor. */
function movedBack(schedule: readonly string[], at: number): readonly string[] {
  const actor = actorOf(schedule[at] ?? '');
  const to = schedule.slice(0, at).findLastIndex((choice) => actorOf(choice) === actor) + 1;
  if (to === 0) return schedule;
  return [
    ...schedule.slice(0, to),
    ...schedule.slice(at, at + 1),
    ...schedule.slice(to, at),
    ...schedule.slice(at + 1),
  ];
}

/** Whose step a choice is, by its name. */
function actorOf(choice: string): string {
  return choice.replace(/^\+/, '').replace(/[!?@#].*$/s, '');
}
