/** Interlace: checks systems of XState actors under every interleaving. This is the engine's public entry point. */

export { type Bounds, type CheckOptions, check } from './explore/check.js';
export type { BuiltIn } from './explore/claims.js';
export type { ActorCoverage, Coverage } from './explore/coverage.js';
export type { UnseenEvent } from './explore/emptyNames.js';
export { type ExhaustiveOptions, exhaustive } from './explore/exhaustive.js';
export type {
  Outcome,
  SavedResult,
  Statistics,
  StoppedBy,
  Verdict,
  Violation,
  Witness,
} from './explore/outcome.js';
export { type Replay, type ReplayFinding, type ReplayOptions, replay } from './explore/replay.js';
export type { SavedRun } from './explore/savedRuns.js';
export {
  type SimulateOptions,
  type Simulation,
  type SimulationEnd,
  simulate,
  simulator,
} from './explore/simulate.js';
export type { Strategy } from './explore/strategy.js';
export { UsageError } from './kernel/usageError.js';
export {
  always,
  eventually,
  monitor,
  never,
  type Predicate,
  type Property,
  reachable,
} from './property/property.js';
export { assertCheck, CheckFailure } from './render/assertCheck.js';
export {
  acquire,
  allocate,
  compareAndSwap,
  type Operation,
  type Points,
  preempt,
  read,
  release,
  restart,
  until,
  write,
} from './routine/operation.js';
export { type ThreadBody, type ThreadsConfig, threads } from './routine/threads.js';
export type { LogicSource } from './runtime/logic.js';
export type { SeenStep, SentMessage } from './runtime/stepLabels.js';
export { type ActorDeclaration, defineSystem, type System, type SystemConfig } from './runtime/system.js';
export type { TimerMode } from './runtime/timers.js';
export type { UnknownAddress, UnknownState } from './runtime/unknownNames.js';
export type { OfferView, TimerView, WorldView } from './runtime/worldView.js';
export type { TraceStep } from './trace/step.js';
