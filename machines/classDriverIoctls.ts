import type { NTSTATUS } from 'interlace/streaming';
import { and, not } from 'xstate';
import { classDriverLifeSetup } from './classDriverLifeSetup.js';
import type { Disposition } from './ioctls.js';

const answer = (Status: NTSTATUS) => ({ type: 'answer', params: { Status } }) as const;
const leadsTo = (to: Disposition['to']) => ({ type: 'leadsTo', params: to }) as const;

/** Malformed requests end here (G-002); what only the minidriver can answer waits with the device (C-004, C-063). */
const takeIoctl = [
  // Between CLEANUP and CLOSE I/O of other threads may still come.
  { guard: 'isCleanedUp', actions: answer('STATUS_CANCELLED') },
  // G-014
  { guard: and(['isForOpenFile', 'isGone']), actions: answer('STATUS_DEVICE_REMOVED') },
  { guard: leadsTo('client'), actions: 'answerIoctl' },
  { guard: and([leadsTo('device'), 'holdsRequests']), actions: 'holdRequest' },
  { guard: leadsTo('device'), actions: 'askDevice' },
  { guard: leadsTo('stream'), actions: 'askStream' },
] as const;

/**
 * Properties, methods, and IRPs that the class driver does not understand (G.1 to G.3). What is about the device goes through the
 * device queue; its SRB has the name of the IRP, so that nothing else has to be kept. A data intersection asks for one range after
 * the other, each with an SRB of its own (G-037).
 */
export const ioctlRegion = classDriverLifeSetup.createStateConfig({
  on: {
    IOCTL_KS_PROPERTY: takeIoctl,
    IOCTL_KS_METHOD: takeIoctl,
    IOCTL_KS_RESET_STATE: takeIoctl,
    IRP_MJ_DEVICE_CONTROL: takeIoctl,
    IRP_MJ_READ: takeIoctl,
    IRP_MJ_WRITE: takeIoctl,
    StreamClassDeviceNotification: [
      { guard: and(['asksOn', not('isGone')]), actions: 'askNext' },
      { guard: 'completesIoctl', actions: 'passOnResult' },
    ],
    DeliveryWithdrawn: { actions: 'answerWithdrawn' },
  },
});
