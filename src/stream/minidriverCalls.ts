import { type HeapObject, isHeapObject, type MemoryValue, RoutineName } from '../routine/heapObject.js';
import type { Memory } from '../routine/memory.js';
import type { HostEnd, HostSite, HostState } from '../runtime/host.js';
import type { StateReader } from '../runtime/probes.js';
import type { EventObject } from '../runtime/vocabulary.js';
import type { Activation, Activations, Callback } from './activations.js';
import { isAwaited } from './callbackContext.js';
import type { MinidriverMessage, ReceivePacket } from './callMessages.js';
import type { HwClockFunction } from './clockMessages.js';
import type { ClockQueries } from './clockQueries.js';
import { cellOf } from './deviceMemory.js';
import type { DriverImage } from './driverImage.js';
import type { MinidriverEvents } from './minidriverEvents.js';
import type { MinidriverParts } from './minidriverParts.js';
import type { ScheduledCalls } from './scheduledCalls.js';
import type { SpinLocks } from './spinLocks.js';
import { laySrb, layStream, setIrpCancel } from './srbMemory.js';
import { ownedSrb, srbId, srbName, streamName } from './srbNames.js';
import type { HW_INITIALIZATION_DATA } from './strmini.js';
import { TimeoutCounters } from './timeoutCounters.js';

/**
 * The calls of a minidriver, from the message that asks for one ({@link receive}) to telling whoever called that it is over
 * ({@link returned}).
 */
export class MinidriverCalls {
  readonly #site: HostSite;
  readonly #registration: HW_INITIALIZATION_DATA;
  readonly #memory: Memory;
  readonly #extension: HeapObject;
  readonly #activations: Activations;
  readonly #events: MinidriverEvents;
  readonly #scheduledCalls: ScheduledCalls;
  readonly #clockQueries: ClockQueries;
  readonly #image: DriverImage;
  readonly #spinLocks: SpinLocks;
  readonly #timeouts: TimeoutCounters;

  constructor({ site, registration, memory, extension, ...parts }: MinidriverParts) {
    this.#site = site;
    this.#registration = registration;
    this.#memory = memory;
    this.#extension = extension;
    this.#activations = parts.activations;
    this.#events = parts.events;
    this.#scheduledCalls = parts.scheduledCalls;
    this.#clockQueries = parts.clockQueries;
    this.#image = parts.image;
    this.#spinLocks = parts.spinLocks;
    this.#timeouts = new TimeoutCounters(memory);
  }

  /** Begins what a message asks for. */
  receive(message: MinidriverMessage, state: HostState): HostEnd {
    switch (message.type) {
      case 'DriverEntry':
        this.#register(state);
        return undefined;
      case 'DriverUnload':
        return this.#image.unload(state);
      case 'IoDeleteDevice':
      case 'MmPageEntireDriver':
      case 'MmResetDriverPaging':
        this.#image.call(message.type, state);
        this.#returned({ callback: message.type }, undefined, undefined, state);
        return this.#image.settle(state);
      case 'HwInterrupt':
        return this.#begin({ callback: 'HwInterrupt', routine: 'HwInterrupt' }, [this.#extension], state);
      case 'HwEventRoutine': {
        const descriptor = this.#events.layDescriptor(message.event, state);
        return this.#begin({ callback: message.type, routine: message.routine }, [descriptor], state);
      }
      case 'DecrementTimeoutCounters':
        this.#tick(state);
        return undefined;
      case 'HwClockFunction':
        return this.#askClock(message, state);
      case 'ClockCallback':
      case 'TimerRoutine':
      case 'HighPriorityRoutine':
      case 'DispatchPriorityRoutine':
      case 'LowPriorityRoutine': {
        const { routine, context } = this.#scheduledCalls.enter(message.call, state);
        if (message.type === 'ClockCallback') this.#clockQueries.fillIn(context, state);
        return this.#begin(
          { callback: message.type, routine, StreamObject: message.StreamObject },
          [context],
          state,
        );
      }
      case 'IrpCancelled':
        this.#setIrpCancel(message.srb.id, state);
        return undefined;
      case 'HwCancelPacket':
        this.#setIrpCancel(message.srb.id, state);
        return this.#callFor(message.type, message.srb.id, state);
      case 'HwRequestTimeoutHandler':
        return this.#callFor(message.type, message.srb.id, state);
      default:
        return this.#receivePacket(message, state);
    }
  }

  /** A callback is over: tells who waits for it. @returns the end of the minidriver when it has left something undone */
  returned(
    { number, callback, StreamObject }: Activation,
    argument: MemoryValue,
    result: unknown,
    state: HostState,
  ): HostEnd {
    const held = this.#spinLocks.misreturn(this.#activations.user(number), state);
    if (held !== undefined) return { status: 'error', error: new Error(held) };
    if (callback === 'HwEventRoutine' && isHeapObject(argument))
      this.#events.returned(argument, result, state);
    if (callback === 'ClockCallback') this.#clockQueries.forget(argument, state);
    if (callback === 'HwClockFunction') {
      const fault = this.#clockQueries.answered(argument, state);
      if (fault !== undefined) return { status: 'error', error: new Error(fault) };
    }
    this.#returned({ callback, StreamObject }, argument, result, state);
    return undefined;
  }

  /** What must not be forgotten. */
  kept(state: StateReader): readonly HeapObject[] {
    return [...this.#timeouts.kept(state), ...this.#scheduledCalls.kept(state), ...this.#image.kept(state)];
  }

  #begin(what: Callback, args: readonly MemoryValue[], state: HostState): HostEnd {
    const refusal = this.#image.refusal(what.callback, state);
    if (refusal !== undefined) return { status: 'error', error: new Error(refusal) };
    this.#activations.begin(what, args, state);
    return undefined;
  }

  /** DriverEntry: registers with the class driver and returns its status. */
  #register(state: HostState): void {
    const { TurnOffSynchronization, HwInterrupt, BusMasterDMA = false } = this.#registration;
    const data = { TurnOffSynchronization, HwInterrupt: HwInterrupt !== undefined, BusMasterDMA };
    this.#tell('classDriver', { type: 'StreamClassRegisterMinidriver', data }, state);
    this.#tell(
      'classDriver',
      { type: 'CallbackReturned', callback: 'DriverEntry', result: 'STATUS_SUCCESS' },
      state,
    );
  }

  #receivePacket({ type, srb }: ReceivePacket, state: HostState): HostEnd {
    layStream(srb, this.#extension, this.#memory, state);
    const { PerRequestExtensionSize: extensionSize = 0 } = this.#registration;
    const remembered = this.#activations.mentions(state);
    const device = { extension: this.#extension, extensionSize, remembered };
    const object = laySrb(srb, device, this.#memory, state);
    if (type === 'HwReceivePacket') {
      return this.#begin({ callback: type, routine: type }, [object], state);
    }
    const stream = this.#memory.object(streamName(srb.StreamObject), false);
    const routine = cellOf(stream, type, this.#memory, state);
    if (!(routine instanceof RoutineName)) {
      return {
        status: 'error',
        error: new Error(`SRB_OPEN_STREAM left ${type} of ${srb.StreamObject} empty (A-070)`),
      };
    }
    return this.#begin({ callback: type, routine: routine.name }, [object], state);
  }

  /** Calls the routine of a clock; when the stream is no clock any more, the callback gets what is there. */
  #askClock(message: HwClockFunction, state: HostState): HostEnd {
    const { type: callback, StreamObject, call } = message;
    const clock = this.#clockQueries.begin(message, state);
    if (clock) return this.#begin({ callback, routine: clock.routine, StreamObject }, [clock.context], state);
    this.#clockQueries.callBack(call, state);
    this.#returned({ callback }, undefined, undefined, state);
    return undefined;
  }

  /** A second is over: class code over device memory, while nobody is inside (D-052, D-057). */
  #tick(state: HostState): void {
    const { expired, isAnyTimed } = this.#timeouts.decrement(state);
    this.#tell('watchdog', { type: 'TimeoutCountersDecremented', isAnyTimed }, state);
    this.#returned({ callback: 'DecrementTimeoutCounters' }, undefined, expired, state);
  }

  #setIrpCancel(id: string, state: HostState): void {
    const srb = ownedSrb(id, this.#memory, state);
    if (srb) setIrpCancel(srb, this.#memory, state);
  }

  /**
   * Calls a routine for an SRB, if the minidriver still owns it: that is asked here, under the lock, for a completion may have
   * come first (D-044). Nobody is called who is not registered.
   */
  #callFor(callback: 'HwCancelPacket' | 'HwRequestTimeoutHandler', id: string, state: HostState): HostEnd {
    const srb = ownedSrb(id, this.#memory, state);
    if (srb && this.#registration[callback])
      return this.#begin({ callback, routine: callback }, [srb], state);
    this.#returned({ callback }, this.#memory.object(srbName(id), false), undefined, state);
    return undefined;
  }

  /** Tells who called, and the watchdog when there is something to watch now. */
  #returned(
    {
      callback,
      StreamObject,
    }: { readonly callback: string; readonly StreamObject?: string | null | undefined },
    argument: MemoryValue,
    result: unknown,
    state: HostState,
  ): void {
    const srb = isHeapObject(argument) ? srbId(argument) : undefined;
    const about = {
      ...(srb === undefined ? {} : { srb }),
      ...(StreamObject === undefined ? {} : { StreamObject }),
      ...(result === undefined ? {} : { result }),
    };
    if (isAwaited(callback, this.#registration))
      this.#tell('synchronizer', { type: 'CallbackReturned', callback, ...about }, state);
    if (this.#timeouts.beginsToCount(state)) this.#tell('watchdog', { type: 'SrbTimed' }, state);
  }

  #tell(systemId: string, event: EventObject & Record<string, unknown>, state: HostState): void {
    const to = this.#site.lookUp(systemId, state);
    if (to !== undefined) state.send(to, event);
  }
}
