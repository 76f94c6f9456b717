import type { CallScheduledRoutine, ScheduledCall, ScheduleTimer } from 'interlace/streaming';
import { assign, enqueueActions, setup } from 'xstate';

/** `request`: what it is made for, by the first call of StreamClassScheduleTimer. */
export interface StreamTimerInput {
  readonly request: ScheduleTimer;
}

export interface StreamTimer {
  /** What is to be called, while it is armed. */
  readonly routine: ScheduledCall | null;
  readonly delayMs: number;
}

function armedBy({ routine, NumberOfMicroseconds }: ScheduleTimer): StreamTimer {
  return { routine, delayMs: NumberOfMicroseconds / 1000 };
}

/**
 * The one timer of a stream, or of the device (D-067). The class driver makes it when the minidriver first asks for it, and
 * ends it with the stream.
 *
 * It is one-shot, and arming it again replaces what was pending. What has expired waits elsewhere for its turn, so that nothing
 * stops it any more (D-068). No time with a routine expires as soon as possible, without one it cancels (J10).
 */
export const streamTimer = setup({
  types: {
    context: {} as StreamTimer,
    input: {} as StreamTimerInput,
    events: {} as ScheduleTimer,
    tags: {} as 'idle',
    meta: {} as { strict: true },
  },
  delays: { due: ({ context }) => context.delayMs },
  actions: {
    remember: assign(({ event }) => armedBy(event)),
    forget: assign({ routine: null, delayMs: 0 }),
    callRoutine: enqueueActions(({ context: { routine }, enqueue }) => {
      if (!routine) return;
      const call: CallScheduledRoutine = { ...routine, type: 'CallMinidriver' };
      enqueue.sendTo(({ system }) => system.get('synchronizer'), call);
    }),
  },
  guards: { cancels: ({ event }) => event.routine === null },
}).createMachine({
  id: 'streamTimer',
  meta: { strict: true },
  context: ({ input: { request } }) => armedBy(request),
  on: {
    StreamClassScheduleTimer: [
      { guard: 'cancels', target: '.disarmed' },
      { target: '.armed', actions: 'remember' },
    ],
  },
  initial: 'armed',
  states: {
    armed: {
      after: { due: { target: 'disarmed', actions: 'callRoutine' } },
    },
    disarmed: { entry: 'forget', tags: ['idle'] },
  },
});
