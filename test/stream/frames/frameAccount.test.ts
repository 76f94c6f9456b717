import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bookFrame,
  emptyAccount,
  inFlight,
  settledAccount,
} from '../../../src/stream/frames/frameAccount.js';

describe('frameAccount', () => {
  it('balances for every order in which frames leave after they came', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('delivered', 'dropped')), (endings) => {
        let account = emptyAccount;
        for (const _ of endings) account = bookFrame(account, 'captured');
        expect(inFlight(account)).toBe(endings.length);
        for (const ending of endings) account = bookFrame(account, ending);
        expect(settledAccount(account)).toEqual({
          captured: endings.length,
          delivered: endings.filter((ending) => ending === 'delivered').length,
          dropped: endings.filter((ending) => ending === 'dropped').length,
        });
      }),
    );
  });

  it.each(['delivered', 'dropped'] as const)(
    'does not let a frame be %s that was never captured',
    (entry) => {
      expect(() => bookFrame(emptyAccount, entry)).toThrow('Interlace is broken');
    },
  );

  it('does not settle while a frame is in flight', () => {
    expect(() => settledAccount(bookFrame(emptyAccount, 'captured'))).toThrow(
      /1 captured, 0 delivered, 0 dropped/,
    );
  });
});
