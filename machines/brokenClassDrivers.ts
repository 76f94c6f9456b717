import { assertEvent, assign, enqueueActions } from 'xstate';
import { classDriver } from './classDriver.js';
import { pin } from './pin.js';
import { dataSrb } from './pinRequests.js';

/** Forgets to serialize opens: a create goes ahead though another create or a close has the token (against C-031, INV-006). */
export const classDriverWithoutToken = classDriver.provide({
  actions: {
    holdFileRequest: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, ['IRP_MJ_CREATE', 'IRP_MJ_CLOSE', 'StreamDrained', 'KsCreateClock', 'KsCloseClock']);
      if (event.type === 'IRP_MJ_CREATE') enqueue('openStream');
      else enqueue.assign({ fileRequests: [...context.fileRequests, event] });
    }),
  },
});

/** Dispatches the next data SRB without waiting for Ready (against D-023, INV-010). */
export const classDriverWithoutReady = classDriver.provide({
  actors: {
    pin: pin.provide({
      actions: {
        queueRead: enqueueActions(({ context, event, enqueue }) => {
          assertEvent(event, ['IOCTL_KS_READ_STREAM', 'IOCTL_KS_WRITE_STREAM']);
          enqueue.assign({ dataQueue: [dataSrb(context, event)] });
          enqueue('deliverNextRead');
        }),
      },
    }),
  },
});

/** Notes that a request is cancelled, and never calls HwCancelPacket for it (against D-042), so that it may never be completed (INV-030). */
export const classDriverThatLosesCancels = classDriver.provide({
  actors: {
    pin: pin.provide({
      actions: {
        cancelOwnedSrb: assign({
          cancelled: ({ context, event }) => {
            assertEvent(event, 'IoCancelIrp');
            return [...context.cancelled, event.irp];
          },
        }),
      },
    }),
  },
});
