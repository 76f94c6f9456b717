import { type Points, service } from '../routine/operation.js';
import type { KSSCATTER_GATHER } from './physicalMemory.js';
import type { HW_STREAM_REQUEST_BLOCK, SrbStreamHeader } from './strmini.js';

/**
 * The buffer that the class driver has allocated for the device, contiguous in physical memory (F-007). It may be called anywhere
 * (D-066).
 *
 * @returns DmaBufferSize bytes in the DDK; here a record that begins empty. `null` when the minidriver has registered no size
 */
export function StreamClassGetDmaBuffer(HwDeviceExtension: object): Points<object | null> {
  return service('StreamClassGetDmaBuffer', HwDeviceExtension);
}

/** STREAM_BUFFER_TYPE. */
export type STREAM_BUFFER_TYPE = 'PerRequestExtension' | 'DmaBuffer' | 'SRBDataBuffer';

/** What of each type has an address: the extension of a request, the DMA buffer, a header of a request or an address in its buffer. */
interface Addressable {
  PerRequestExtension: object;
  DmaBuffer: object;
  SRBDataBuffer: SrbStreamHeader | number;
}

/**
 * Where something lies in physical memory (F-007): a bus master can be told to write there. It only translates, since all of it is
 * locked down (J65). It may be called anywhere (D-066).
 *
 * @param HwSRB for `SRBDataBuffer` a data request that the minidriver owns; otherwise it counts for nothing
 * @param VirtualAddress the SRBExtension of a request that the minidriver owns, what StreamClassGetDmaBuffer has given, or of that
 *   data request a header in DataBufferArray or an address in a buffer (`Data` and what lies behind it)
 * @returns where it is, and how many bytes from there on are contiguous (in the DDK `Length` is an argument): all of an extension,
 *   of the DMA buffer and of a header, and of a data buffer as much as lies in the same page (F-008)
 */
export function StreamClassGetPhysicalAddress<Type extends STREAM_BUFFER_TYPE>(
  HwDeviceExtension: object,
  HwSRB: HW_STREAM_REQUEST_BLOCK | (Type extends 'SRBDataBuffer' ? never : null),
  VirtualAddress: Addressable[Type],
  Type: Type,
): Points<KSSCATTER_GATHER> {
  return translated(service('StreamClassGetPhysicalAddress', HwDeviceExtension, HwSRB, VirtualAddress, Type));
}

/** @param answer address and length */
function* translated(answer: Points<string>): Points<KSSCATTER_GATHER> {
  const [PhysicalAddress = 0, Length = 0] = (yield* answer).split(' ').map(Number);
  return { PhysicalAddress, Length };
}
