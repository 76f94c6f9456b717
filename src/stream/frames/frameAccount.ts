import { invariant } from '../../kernel/invariant.js';

/**
 * Where the frames of a stream went. Each captured frame is in flight until it is delivered or dropped. Plain
 * data, so it may stand in an actor's context.
 */
export interface FrameAccount {
  /** Frames that the hardware saw, also those for which no buffer was there. */
  readonly captured: number;
  /** Frames that reached the client. */
  readonly delivered: number;
  /** Frames that did not: no buffer, cancelled, or the stream was stopped under them. */
  readonly dropped: number;
}

/** Nothing happened yet. */
export const emptyAccount: FrameAccount = { captured: 0, delivered: 0, dropped: 0 };

/**
 * The account after one more frame was captured, delivered or dropped.
 *
 * @throws InvariantError when a frame leaves that was never captured: our bug, the hardware model books every
 *   frame
 */
export function bookFrame(account: FrameAccount, entry: keyof FrameAccount): FrameAccount {
  const booked = { ...account, [entry]: account[entry] + 1 };
  invariant(inFlight(booked) >= 0, `no frame is ${entry} before it was captured (${describe(booked)})`);
  return booked;
}

/** Captured frames that are still on their way. */
export function inFlight(account: FrameAccount): number {
  return account.captured - account.delivered - account.dropped;
}

/**
 * The account of a stream that has come to rest, which must balance: captured = delivered + dropped.
 *
 * @throws InvariantError when a frame got lost on the way without being booked as dropped
 */
export function settledAccount(account: FrameAccount): FrameAccount {
  invariant(inFlight(account) === 0, `every captured frame was delivered or dropped (${describe(account)})`);
  return account;
}

function describe({ captured, delivered, dropped }: FrameAccount): string {
  return `${captured} captured, ${delivered} delivered, ${dropped} dropped`;
}
