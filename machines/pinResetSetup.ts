import { type CallMinidriver, completionOf, irpOwner, type NTSTATUS, srbFlags } from 'interlace/streaming';
import { and, assertEvent, enqueueActions, not, sendTo, stateIn } from 'xstate';
import { cancelableSrbs, withoutQueued } from './pinCancel.js';
import { pinCancelSetup } from './pinCancelSetup.js';
import { flushSrb } from './pinRequests.js';

/** What a pin can do and ask about resets (C-057). */
export const pinResetSetup = pinCancelSetup.extend({
  actions: {
    /** Reads and writes that are there are cancelled, queued or owned (C-058). */
    cancelData: enqueueActions(({ context, enqueue }) => {
      const queued = context.dataQueue.map(({ id }) => id);
      for (const irp of queued) {
        enqueue.sendTo(({ system }) => system.get(irpOwner(irp)), completionOf(irp, 'STATUS_CANCELLED'));
      }
      const owned = cancelableSrbs(context).filter(({ Flags }) => Flags === srbFlags.data);
      for (const srb of owned) {
        const call: CallMinidriver = { type: 'CallMinidriver', callback: 'HwCancelPacket', srb };
        enqueue.sendTo(({ system }) => system.get('synchronizer'), call);
      }
      const cancelled = [...context.cancelled, ...owned.map(({ id }) => id)];
      enqueue.assign({ ...withoutQueued(context, queued), cancelled });
    }),
    /** SRB_BEGIN_FLUSH or SRB_END_FLUSH, whose completion answers the request. */
    flush: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'KsReset');
      enqueue.raise({ type: 'ControlRequest', srb: flushSrb(context, event) });
    }),
    answerReset: sendTo(
      ({ system, event }) => system.get('irp' in event ? irpOwner(event.irp) : ''),
      ({ event }, { Status }: { Status: NTSTATUS }) => {
        assertEvent(event, 'KsReset');
        return completionOf(event.irp, Status);
      },
    ),
  },
  guards: {
    beginsReset: ({ event }) => event.type === 'KsReset' && event.Value === 'KSRESET_BEGIN',
    /** G-077 comes behind what is wrong with the request itself (G-004). */
    takesData: and(['isSoundData', not(stateIn({ open: { reset: 'resetting' } }))]),
  },
});
