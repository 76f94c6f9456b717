/** What an application does, one after the other. Plain data. */
export type ClientStep =
  /** Opens the stream, runs it, and takes it down in order when it has been silent. */
  | { readonly type: 'capture' }
  /** The same, but takes it down after so many frames, with reads outstanding. */
  | { readonly type: 'stopAfter'; readonly frames: number }
  /** The same, but cancels what is outstanding first (M-016). */
  | { readonly type: 'cancelAfter'; readonly frames: number }
  /** Dies after so many frames: its requests are cancelled and its handles closed, in RUN (M-042). */
  | { readonly type: 'crashAfter'; readonly frames: number }
  /** Has closed everything, and waits. */
  | { readonly type: 'wait'; readonly ms: number };

/** How a step that counts frames ends. */
export type CountingStep = Extract<ClientStep, { frames: number }>['type'];

/** How many frames a step is to see. */
export function framesOf(step: ClientStep | undefined): number {
  return step && 'frames' in step ? step.frames : Number.POSITIVE_INFINITY;
}
