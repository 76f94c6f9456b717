import {
  HANDLE_SIZE,
  KSDATAFORMAT_SIZE,
  KSP_PIN_SIZE,
  type KSPROPERTY_ITEM,
  type KSPROPERTY_SET,
  KSPROPERTY_SIZE,
} from 'interlace/streaming';
import { KSMULTIPLE_ITEM_SIZE } from './sizedList.js';

/** A property set and whose it is. */
export interface PropertyTable {
  readonly set: KSPROPERTY_SET;
  /** Index in the minidriver's array; `undefined` for a set of the class driver's own. */
  readonly index: number | undefined;
}

const ULONG_SIZE = 4;

/** An item of the class driver's, who needs no help with basic support. */
function own(
  PropertyId: string,
  MinProperty: number,
  MinData: number,
  { isGot = true, isSet = false } = {},
): KSPROPERTY_ITEM {
  return { PropertyId, GetSupported: isGot, SetSupported: isSet, MinProperty, MinData };
}

/** What the class driver knows of the pins from the stream descriptor. */
const pinSet: KSPROPERTY_SET = {
  Set: 'KSPROPSETID_Pin',
  PropertiesCount: 6,
  PropertyItem: [
    // KSPIN_CINSTANCES: how many there can be, and how many there are.
    own('KSPROPERTY_PIN_CINSTANCES', KSP_PIN_SIZE, 2 * ULONG_SIZE),
    own('KSPROPERTY_PIN_CTYPES', KSPROPERTY_SIZE, ULONG_SIZE),
    own('KSPROPERTY_PIN_DATAFLOW', KSP_PIN_SIZE, ULONG_SIZE),
    own('KSPROPERTY_PIN_DATARANGES', KSP_PIN_SIZE, 0),
    own('KSPROPERTY_PIN_DATAINTERSECTION', KSP_PIN_SIZE + KSMULTIPLE_ITEM_SIZE, 0),
    own('KSPROPERTY_PIN_COMMUNICATION', KSP_PIN_SIZE, ULONG_SIZE),
  ],
};

/**
 * What the class driver does for the minidriver through SRBs (C-059); that the state can be got is J54. The size of a format varies,
 * so a get without a buffer asks for it.
 */
const connectionSet: KSPROPERTY_SET = {
  Set: 'KSPROPSETID_Connection',
  PropertiesCount: 3,
  PropertyItem: [
    own('KSPROPERTY_CONNECTION_STATE', KSPROPERTY_SIZE, ULONG_SIZE, { isSet: true }),
    own('KSPROPERTY_CONNECTION_DATAFORMAT', KSPROPERTY_SIZE, 0, { isSet: true }),
    own('KSPROPERTY_CONNECTION_PROPOSEDATAFORMAT', KSPROPERTY_SIZE, KSDATAFORMAT_SIZE, {
      isGot: false,
      isSet: true,
    }),
  ],
};

/** The clock that a stream follows, by the handle of its file object (M-039). */
const streamSet: KSPROPERTY_SET = {
  Set: 'KSPROPSETID_Stream',
  PropertiesCount: 1,
  PropertyItem: [own('KSPROPERTY_STREAM_MASTERCLOCK', KSPROPERTY_SIZE, HANDLE_SIZE, { isSet: true })],
};

function tables(own: readonly KSPROPERTY_SET[], sets: readonly KSPROPERTY_SET[]): readonly PropertyTable[] {
  return [...own.map((set) => ({ set, index: undefined })), ...sets.map((set, index) => ({ set, index }))];
}

/** The property sets of a filter: the class driver's, and the minidriver's for the device. */
export function filterProperties(sets: readonly KSPROPERTY_SET[]): readonly PropertyTable[] {
  return tables([pinSet], sets);
}

/** The property sets of a pin. */
export function streamProperties(sets: readonly KSPROPERTY_SET[]): readonly PropertyTable[] {
  return tables([connectionSet, streamSet], sets);
}
