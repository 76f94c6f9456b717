import type { HW_STREAM_INFORMATION, KSDATARANGE, PropertyRequest } from 'interlace/streaming';
import { KSDATAFORMAT_SIZE, KSP_PIN_SIZE } from 'interlace/streaming';
import { type Answer, failure } from './answer.js';
import type { ClassDriverContext } from './deviceRequests.js';
import { KSMULTIPLE_ITEM_SIZE, quadAligned, sizedList } from './sizedList.js';

/** KSPROPSETID_Pin: what a filter tells of its pins. All but the data intersection the class driver knows. */

const ULONG_SIZE = 4;

/** The ranges that the minidriver is to be asked for, in order (G-037). */
export interface Intersection {
  readonly StreamNumber: number;
  readonly ranges: readonly KSDATARANGE[];
}

function rangesSize(ranges: readonly KSDATARANGE[]): number {
  return ranges.reduce((sum, { FormatSize }) => sum + quadAligned(FormatSize), 0);
}

/** G-038; the last range need not be padded. */
function areSoundRanges(ranges: readonly KSDATARANGE[], inputLength: number): boolean {
  const room = quadAligned(inputLength - KSP_PIN_SIZE - KSMULTIPLE_ITEM_SIZE);
  return ranges.every(({ FormatSize }) => FormatSize >= KSDATAFORMAT_SIZE) && rangesSize(ranges) <= room;
}

/** Answers a sound get of a property of KSPROPSETID_Pin, or says what the minidriver is to be asked. */
export function pinProperty(
  { streams, pins }: Pick<ClassDriverContext, 'streams' | 'pins'>,
  { Id, Pin, InputLength, OutputLength }: PropertyRequest,
): Answer | Intersection {
  const ulong = (Output: object): Answer => ({ Status: 'STATUS_SUCCESS', Information: ULONG_SIZE, Output });
  if (Id === 'KSPROPERTY_PIN_CTYPES') return ulong({ PinTypes: streams.length });
  const StreamNumber = Pin?.PinId ?? -1;
  const info = streams[StreamNumber];
  // G-035
  if (!info) return failure('STATUS_INVALID_PARAMETER');
  switch (Id) {
    case 'KSPROPERTY_PIN_CINSTANCES': {
      const CurrentCount = pins.filter((pin) => pin.StreamNumber === StreamNumber).length;
      const Output = { PossibleCount: info.NumberOfPossibleInstances, CurrentCount };
      return { Status: 'STATUS_SUCCESS', Information: 2 * ULONG_SIZE, Output };
    }
    case 'KSPROPERTY_PIN_DATAFLOW':
      return ulong({ DataFlow: info.DataFlow });
    case 'KSPROPERTY_PIN_COMMUNICATION':
      // J61
      return ulong({
        Communication: info.BridgeStream ? 'KSPIN_COMMUNICATION_BRIDGE' : 'KSPIN_COMMUNICATION_SINK',
      });
    case 'KSPROPERTY_PIN_DATARANGES': {
      const ranges = dataRanges(info);
      return sizedList(ranges, rangesSize(ranges), OutputLength);
    }
    default: {
      const ranges = Pin?.DataRanges ?? [];
      if (!areSoundRanges(ranges, InputLength)) return failure('STATUS_INVALID_BUFFER_SIZE');
      return ranges.length === 0 ? failure('STATUS_NO_MATCH') : { StreamNumber, ranges };
    }
  }
}

function dataRanges(info: HW_STREAM_INFORMATION): readonly KSDATARANGE[] {
  return info.StreamFormatsArray.slice(0, info.NumberOfFormatArrayEntries);
}
