/**
 * The features that the generator must reach: those of the issue, and what they are made of. Each is counted where XState
 * really does it in a run, and only in the part of the run that is compared.
 */
const FEATURES = [
  'mailbox: sent to itself',
  'mailbox: sent by the script',
  'spawnChild',
  'spawn in assign',
  'spawn in context',
  'invoke',
  'stopChild',
  'stop by leaving the state',
  'child of a child',
  'input',
  'fromTransition child',
  'system.get',
  'sendTo a child by id',
  'sendTo a ref in context',
  'sendParent',
  'raise',
  'raise with delay',
  'sendTo with delay',
  'cancel',
  'emit',
  'enqueueActions',
  'enqueueActions: check holds',
  'parallel',
  'parallel: state done',
  'compound: state done',
  'history shallow',
  'history deep',
  'final with output',
  'done with output',
  'child done: onDone',
  'child done: wildcard',
  'child failed: onError',
  'child failed: wildcard',
  'failed: error in an action',
  'failed: error in assign',
  'failed: error in a guard',
  'failed: with the child',
  'after',
  'after: named delay',
  'after: dynamic delay',
  'always',
  'guard',
  'guard and',
  'guard or',
  'guard not',
  'guard stateIn',
  'guard with dynamic params',
  'action with dynamic params',
  'nested compound',
  'multiple targets',
  'reenter',
  'wildcard',
  'partial wildcard',
  'forbidden',
  'tags and meta',
] as const;

export type Feature = (typeof FEATURES)[number];

/** Called by a built machine where a feature happens. */
export type Count = (feature: Feature) => void;

/** How often each feature happened; counts only while it is switched on, because each machine runs on both sides. */
export class Tally {
  readonly #counts = new Map<Feature, number>(FEATURES.map((feature) => [feature, 0]));
  on = false;

  readonly count: Count = (feature) => {
    if (this.on) this.#counts.set(feature, this.of(feature) + 1);
  };

  of(feature: Feature): number {
    return this.#counts.get(feature) ?? 0;
  }

  get missing(): Feature[] {
    return FEATURES.filter((feature) => this.of(feature) === 0);
  }

  table(): string {
    const width = Math.max(...FEATURES.map((feature) => feature.length));
    return FEATURES.map((feature) => `${feature.padEnd(width)} ${String(this.of(feature)).padStart(8)}`).join(
      '\n',
    );
  }
}
