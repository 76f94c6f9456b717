import type {
  FileObject,
  MethodRequest,
  NTSTATUS,
  PropertyRequest,
  UnknownRequest,
} from 'interlace/stream-class';
import { expect } from 'vitest';
import { emitted, ledger, type Play, play, unhandled } from './play.js';
import { METHODS, type PropertyMinidriverInput, propertyMinidriver, SET } from './propertyMinidriver.js';
import { opened } from './requests.js';
import type { Request } from './scriptedRequester.js';

/** A sound get of property 1 of the device. */
export const property = (change: Partial<PropertyRequest> = {}): Request => ({
  type: 'IOCTL_KS_PROPERTY',
  FileObject: 'filter:0',
  InputLength: 24,
  Set: SET,
  Id: 1,
  Flags: 'KSPROPERTY_TYPE_GET',
  OutputLength: 4,
  Value: {},
  ...change,
});

/** A sound call of method 1 of the device. */
export const method = (change: Partial<MethodRequest> = {}): Request => ({
  type: 'IOCTL_KS_METHOD',
  FileObject: 'filter:0',
  InputLength: 28,
  Set: METHODS,
  Id: 1,
  Flags: 'KSMETHOD_TYPE_SEND',
  OutputLength: 8,
  Value: { Factor: 21 },
  ...change,
});

export const unknown = (change: Partial<UnknownRequest> = {}): Request => ({
  type: 'IRP_MJ_DEVICE_CONTROL',
  FileObject: 'filter:0',
  IoControlCode: 0x1234,
  InputLength: 8,
  OutputLength: 16,
  ...change,
});

/** A property of KSPROPSETID_Pin of stream 0. */
export const pinProperty = (Id: string, change: Partial<PropertyRequest> = {}): Request =>
  property({ Set: 'KSPROPSETID_Pin', Id, InputLength: 32, Pin: { PinId: 0 }, ...change });

/** What the minidriver has printed. */
export function printed(p: Play): string[] {
  return emitted(p, 'DebugPrint').map(({ message }) => String(message));
}

/** The answers to the client, in order. */
export function answersOf({ steps }: Pick<Play, 'steps'>): Answer[] {
  const completions = steps.flatMap(({ sent }) =>
    sent.filter(({ to, event }) => to === 'client' && event.type === 'IoCompleteRequest'),
  );
  return completions.map(({ event }) => ({
    Status: Reflect.get(event, 'Status'),
    Information: Reflect.get(event, 'Information'),
    Output: Reflect.get(event, 'Output'),
  }));
}

export interface Answer {
  readonly Status: NTSTATUS;
  readonly Information: number;
  readonly Output?: unknown;
}

export interface Asking extends PropertyMinidriverInput {
  readonly seed?: number;
}

/** Opens a filter and a pin, and asks; nothing must be left over or unheard-of. */
export function ask(bursts: readonly (readonly Request[])[], { seed = 1, ...input }: Asking = {}): Play {
  const p = play({ seed, bursts: [...opened, ...bursts], minidriver: propertyMinidriver(input) });
  expect(unhandled(p)).toEqual([]);
  expect(ledger(p)).toEqual({ irps: [], srbs: [], errors: [] });
  return p;
}

/** Asks once: the answer, and what the minidriver was asked. */
export function asked(request: Request, asking: Asking = {}) {
  const p = ask([[request]], asking);
  const [, , answer] = answersOf(p);
  return { ...answer, asked: printed(p) };
}

export const files: readonly FileObject[] = ['filter:0', 'pin:0'];
