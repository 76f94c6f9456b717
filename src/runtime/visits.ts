/** What a run of a logic came by. */
interface VisitingRun {
  readonly states: readonly string[];
  readonly transitions: readonly string[];
  readonly unhandled: boolean;
}

/**
 * What the actors of one logic have come to, for coverage. It is noted when a run is computed, which happens once per distinct
 * local situation: a search that only looks up pays nothing.
 */
export class Visits {
  /** Ids of the state nodes that were active after a microstep. */
  readonly states = new Set<string>();
  /** Transitions that were taken, as `<state id>|<event descriptor>|<index>`. */
  readonly transitions = new Set<string>();
  /** Types of events that some transition took. */
  readonly handled = new Set<string>();
  /** Types of events that came while no transition took them; some may be handled in other states. */
  readonly ignored = new Set<string>();

  /** Notes a run. `event` is the type of what it took; a start takes none. */
  note({ states, transitions, unhandled }: VisitingRun, event?: string): void {
    for (const state of states) this.states.add(state);
    for (const transition of transitions) this.transitions.add(transition);
    if (event !== undefined) (unhandled ? this.ignored : this.handled).add(event);
  }
}
