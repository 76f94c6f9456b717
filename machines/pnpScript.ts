/** When a decision is due: so long after the one before (the first: after power-on), or when no application uses the device. */
export type PnpMoment = { readonly afterMs: number } | 'ClientDone';

/** What happens to a device from outside: what the user, the system, and other drivers decide. Plain data. */
export type PnpDecision =
  /** The PnP manager gives the device other resources: query-stop, stop, start (C-001). */
  | { readonly type: 'Rebalance'; readonly when: PnpMoment; readonly isVetoed?: boolean }
  /** The user asks to remove it: query-remove, remove. */
  | { readonly type: 'Eject'; readonly when: PnpMoment; readonly isVetoed?: boolean }
  /** The user pulls the plug (M-113). */
  | { readonly type: 'Unplug'; readonly when: PnpMoment }
  /** The system goes to sleep and takes the device's power (C.7). */
  | { readonly type: 'Sleep'; readonly when: PnpMoment }
  | { readonly type: 'Wake'; readonly when: PnpMoment };

/** A life without trouble. */
export const uneventfulLife: readonly PnpDecision[] = [{ type: 'Eject', when: 'ClientDone' }];
