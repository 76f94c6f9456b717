import {
  flagNames,
  type KSMETHOD_SET,
  type MethodRequest,
  type MethodType,
  methodTypes,
} from 'interlace/streaming';
import { type Answer, failure } from './answer.js';
import { bufferFault } from './propertyRequests.js';

/** The validation of requests for methods, before the minidriver is asked (G.3). */

const ULONG_SIZE = 4;

/** A request that may go to the minidriver. */
export interface SoundMethod {
  readonly setIndex: number;
}

function typeOf(flags: string): MethodType | undefined {
  const [type, ...others] = flagNames(flags).filter((name) => name !== 'KSMETHOD_TYPE_TOPOLOGY');
  return others.length === 0 ? methodTypes.find((known) => known === type) : undefined;
}

/** Checks a request in the order of G-004, the first failure wins; what is in the tables is answered from there (G-048). */
export function checkedMethod(request: MethodRequest, sets: readonly KSMETHOD_SET[]): SoundMethod | Answer {
  const fault = bufferFault(request);
  if (fault) return failure(fault);
  const { Set: guid, Id, Flags, InputLength, OutputLength } = request;
  const setIndex = sets.findIndex((set) => set.Set === guid);
  const set = sets[setIndex];
  if (!set) return failure('STATUS_PROPSET_NOT_FOUND');
  const type = typeOf(Flags);
  if (type === 'KSMETHOD_TYPE_SETSUPPORT') return { Status: 'STATUS_SUCCESS', Information: 0 };
  const item = set.MethodItem.slice(0, set.MethodsCount).find(({ MethodId }) => MethodId === Id);
  if (!item) return failure('STATUS_NOT_FOUND');
  if (!type) return failure('STATUS_INVALID_PARAMETER');
  if (type === 'KSMETHOD_TYPE_BASICSUPPORT') {
    return OutputLength < ULONG_SIZE
      ? failure('STATUS_BUFFER_TOO_SMALL')
      : { Status: 'STATUS_SUCCESS', Information: ULONG_SIZE, Output: { Flags: item.Flags } };
  }
  if (!item.MethodSupported) return failure('STATUS_NOT_FOUND');
  if (InputLength < item.MinMethod) return failure('STATUS_INVALID_BUFFER_SIZE');
  return OutputLength < item.MinData ? failure('STATUS_BUFFER_TOO_SMALL') : { setIndex };
}
