import type { NTSTATUS, SrbCommand } from 'interlace/streaming';
import { and, not } from 'xstate';
import { classDriverLifeSetup } from './classDriverLifeSetup.js';

const refuse = (Status: NTSTATUS) => [{ type: 'answer', params: { Status } }, 'takeNextFileRequest'] as const;
const completes = (Command: SrbCommand) => ({ type: 'completes', params: Command }) as const;

/**
 * Opens and closes of filters, pins and clocks, one at a time (C-031): `held` is the create/close token, from before the first SRB
 * of a request until its last SRB is completed. What comes meanwhile waits in its order.
 */
export const fileRegion = classDriverLifeSetup.createStateConfig({
  initial: 'free',
  states: {
    free: {
      id: 'free',
      on: {
        IRP_MJ_CREATE: [
          // C-004
          { guard: 'isGone', actions: refuse('STATUS_DEVICE_REMOVED') },
          // a device that starts again is not ready before SRB_INITIALIZATION_COMPLETE is completed.
          { guard: 'holdsRequests', actions: ['holdRequest', 'takeNextFileRequest'] },
          // G-084, G-015
          { guard: 'isRemovePending', actions: refuse('STATUS_DELETE_PENDING') },
          { guard: not('isStarted'), actions: refuse('STATUS_DEVICE_NOT_READY') },
          { guard: 'opensFilter', actions: ['openFilter', 'takeNextFileRequest'] },
          { guard: not('filterIsOpen'), actions: refuse('STATUS_INVALID_HANDLE') },
          // G-080 to G-083
          { guard: not('isWellFormed'), actions: refuse('STATUS_INVALID_BUFFER_SIZE') },
          { guard: not('pinIdExists'), actions: refuse('STATUS_INVALID_PARAMETER') },
          { guard: not('matchesStream'), actions: refuse('STATUS_NO_MATCH') },
          {
            guard: 'instancesAreExhausted',
            actions: refuse('STATUS_INSUFFICIENT_RESOURCES'),
          },
          { target: 'held.opening', actions: 'openStream' },
        ],
        IRP_MJ_CLOSE: [
          // C.11: the last close; the token is its until the minidriver has answered (C-031).
          { guard: and(['isForEmptyFilter', 'pagesOut']), target: 'held.pagingOut', actions: 'closeFilter' },
          { guard: 'isForEmptyFilter', actions: ['closeFilter', 'takeNextFileRequest'] },
          // C-032: its pins are closed first.
          { guard: 'isForFilter', actions: ['holdFilterClose', 'takeNextFileRequest'] },
        ],
        StreamDrained: { target: 'held.closing', actions: 'closeStream' },
        KsCreateClock: { guard: 'isForPin', target: 'held.clock', actions: 'forward' },
        KsCloseClock: { guard: 'isForPin', target: 'held.clock', actions: 'forward' },
      },
    },
    held: {
      on: {
        IRP_MJ_CREATE: { actions: 'holdFileRequest' },
        IRP_MJ_CLOSE: { guard: 'isForFilter', actions: 'holdFileRequest' },
        StreamDrained: { actions: 'holdFileRequest' },
        KsCreateClock: { guard: 'isForPin', actions: 'holdFileRequest' },
        KsCloseClock: { guard: 'isForPin', actions: 'holdFileRequest' },
      },
      initial: 'opening',
      states: {
        opening: {
          on: {
            StreamClassDeviceNotification: [
              // C-072: too late; the stream is closed again.
              {
                guard: and([completes('SRB_OPEN_STREAM'), 'succeeds', 'isGone']),
                target: 'undoing',
              },
              {
                guard: and([completes('SRB_OPEN_STREAM'), 'succeeds']),
                target: '#free',
                actions: [
                  'tellPin',
                  'openEventQueue',
                  'answerOpen',
                  'endFileOperation',
                  'takeNextFileRequest',
                ],
              },
              {
                guard: completes('SRB_OPEN_STREAM'),
                target: '#free',
                actions: ['answerOpenFailure', 'endStream', 'takeNextFileRequest'],
              },
            ],
          },
        },
        // The pin has the SRB for it.
        clock: {
          on: { ClockOperationDone: { target: '#free', actions: ['noteClock', 'takeNextFileRequest'] } },
        },
        pagingOut: {
          entry: { type: 'request', params: { Command: 'SRB_PAGING_OUT_DRIVER' } },
          on: {
            StreamClassDeviceNotification: {
              guard: completes('SRB_PAGING_OUT_DRIVER'),
              target: '#free',
              actions: 'takeNextFileRequest',
            },
          },
        },
        undoing: {
          entry: 'undoOpen',
          on: {
            StreamClassDeviceNotification: {
              guard: completes('SRB_CLOSE_STREAM'),
              target: '#free',
              actions: ['answerOpenOfGone', 'endStream', 'takeNextFileRequest'],
            },
          },
        },
        closing: {
          on: {
            // Whatever its status (C-040).
            StreamClassDeviceNotification: {
              guard: completes('SRB_CLOSE_STREAM'),
              target: '#free',
              actions: ['answerClose', 'endStream', 'takeNextFileRequest'],
            },
          },
        },
      },
    },
  },
});
