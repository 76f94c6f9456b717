import type { Operation } from '../routine/operation.js';
import type { HW_INITIALIZATION_DATA } from './strmini.js';

/** Any callback of a minidriver: arguments are objects of device memory. */
export type AnyMinidriverRoutine = (...args: never[]) => Generator<Operation, unknown, unknown>;

/** What a vendor says about a minidriver. */
export interface MinidriverProgram {
  readonly name: string;
  readonly registration: HW_INITIALIZATION_DATA;
  /** The other functions that the minidriver stores in structures, by name. */
  readonly routines: Readonly<Record<string, AnyMinidriverRoutine>>;
}

/** The callbacks that a minidriver registers by name, those that it has. */
export function registeredRoutines({ registration }: MinidriverProgram): [string, AnyMinidriverRoutine][] {
  const { HwReceivePacket, HwCancelPacket, HwRequestTimeoutHandler, HwInterrupt } = registration;
  const registered: [string, AnyMinidriverRoutine | undefined][] = [
    ['HwReceivePacket', HwReceivePacket],
    ['HwCancelPacket', HwCancelPacket],
    ['HwRequestTimeoutHandler', HwRequestTimeoutHandler],
    ['HwInterrupt', HwInterrupt],
  ];
  return registered.flatMap(([name, routine]) => (routine ? [[name, routine]] : []));
}
