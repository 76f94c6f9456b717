import {
  type ClockObject,
  connectionStateRequest,
  defaultDataFormat,
  type FileObject,
  type IrpId,
  type KSSTATE,
  masterClockRequest,
} from 'interlace/stream-class';
import type { Request } from './scriptedRequester.js';

/** What a requester may ask for, with `filter:0` and `pin:0` where nothing else is said. */
export const openFilter: Request = { type: 'IRP_MJ_CREATE', object: 'filter' };
export const openPin = (change: object = {}): Request => ({
  type: 'IRP_MJ_CREATE',
  object: 'pin',
  FilterObject: 'filter:0',
  PinId: 0,
  DataFormat: defaultDataFormat,
  ...change,
});
export const cleanup = (object: FileObject): Request => ({ type: 'IRP_MJ_CLEANUP', FileObject: object });
export const close = (object: FileObject): Request => ({ type: 'IRP_MJ_CLOSE', FileObject: object });
export const setState = (Value: KSSTATE, FileObject: FileObject = 'pin:0'): Request => {
  const { irp: _, ...request } = connectionStateRequest('client.irp0', FileObject, Value);
  return request;
};
export const createClock: Request = { type: 'KsCreateClock', FileObject: 'pin:0' };
export const closeClock: Request = { type: 'KsCloseClock', FileObject: 'pin:0' };
/** `null` lets the stream run free. */
export const follow = (clock: ClockObject | null, FileObject: FileObject = 'pin:0'): Request => {
  const { irp: _, ...request } = masterClockRequest('client.irp0', FileObject, clock);
  return request;
};
export const read = (DataUsed = 0): Request => ({
  type: 'IOCTL_KS_READ_STREAM',
  FileObject: 'pin:0',
  StreamHeader: {
    Address: 64,
    Data: 5000,
    FrameExtent: 9000,
    DataUsed,
    PresentationTime: 0,
    OptionsFlags: [],
  },
});
export const cancel = (irp: IrpId): Request => ({ type: 'IoCancelIrp', irp, FileObject: 'pin:0' });

export const opened = [[openFilter], [openPin()]];
