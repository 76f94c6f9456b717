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
}
