import {
  clockHandleOf,
  clockObjectOf,
  type GetMasterClock,
  type PropertyRequest,
  type SetMasterClock,
} from 'interlace/streaming';
import { type Answer, failure } from './answer.js';
import type { ClassDriverContext } from './deviceRequests.js';

/**
 * What becomes of a sound request for KSPROPERTY_STREAM_MASTERCLOCK. Only the handle of a clock that is open, or none, goes on to the
 * pin (G-041), which knows whether it is in STOP (J32). A clock ends with the CLEANUP of its pin: SRB_CLOSE_MASTER_CLOCK is on its way.
 */
export function masterClockProperty(
  { clocks, cleanedUp, filters, pins }: Pick<ClassDriverContext, 'clocks' | 'cleanedUp' | 'filters' | 'pins'>,
  { irp, FileObject, Value }: PropertyRequest,
  verb: 'get' | 'set',
): Answer | GetMasterClock | SetMasterClock {
  if (verb === 'get') return { type: 'GetMasterClock', irp, FileObject };
  if (!Value || !('Handle' in Value)) return failure('STATUS_INVALID_PARAMETER');
  const { Handle } = Value;
  const set = (handle: number): SetMasterClock => {
    return { type: 'KSPROPERTY_STREAM_MASTERCLOCK', irp, FileObject, Value: handle };
  };
  if (Handle === null) return set(0);
  const pin = clocks.find((clock) => clockObjectOf(clock) === Handle && !cleanedUp.includes(clock));
  if (pin) return set(clockHandleOf(pin));
  const files = [...filters, ...pins.map((stream) => stream.FileObject)];
  const isFile = files.some((file) => file === Handle);
  return failure(isFile ? 'STATUS_OBJECT_TYPE_MISMATCH' : 'STATUS_INVALID_HANDLE');
}
