import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  childAddress,
  renewedAddress,
  topLevelAddress,
  unnamedChildAddress,
} from '../../src/kernel/address.js';
import { UsageError } from '../../src/kernel/usageError.js';

const FORBIDDEN = [' ', '\t', '\n', '\u00a0', '!', '?', '@', '~', '#', '/'];
const root = topLevelAddress('root');

describe('addresses', () => {
  it('are the names of top-level actors as they are', () => {
    for (const name of ['ping', 'pin:0', 'client0.irp2', '(machine)', 'ü', '0'])
      expect(topLevelAddress(name)).toBe(name);
  });

  it('of children are paths', () => {
    const child = childAddress(root, 'irp');
    expect(child).toBe('root/irp');
    expect(childAddress(child, 'x')).toBe('root/irp/x');
    expect(unnamedChildAddress(root, 'worker', 0)).toBe('root/worker#0');
    expect(unnamedChildAddress(root, 'worker', 3)).toBe('root/worker#3');
  });

  it('of those who get a name again are numbered, and the first has no number', () => {
    expect(renewedAddress(root, 0)).toBe('root');
    expect(renewedAddress(root, 1)).toBe('root~1');
    expect(renewedAddress(root, 12)).toBe('root~12');
  });

  it.each([...FORBIDDEN, ''])('refuse names with %j and say what to use instead', (part) => {
    const name = part === '' ? '' : `a${part}b`;
    for (const make of [() => topLevelAddress(name), () => childAddress(root, name)]) {
      expect(make).toThrow(UsageError);
      expect(make).toThrow(/use a name without white space/);
      expect(make).toThrow(JSON.stringify(name));
    }
  });

  it('of unnamed children replace what the key of their logic must not hold', () => {
    expect(unnamedChildAddress(root, 'a b/c#d~e', 0)).toBe('root/a_b_c_d_e#0');
  });

  it('never mistake a named child for an unnamed one or for a bearer of another name', () => {
    const name = fc.stringMatching(/^[^\s!?@~#/]{1,4}$/u);
    fc.assert(
      fc.property(name, name, fc.nat(3), fc.nat(3), (a, b, i, j) => {
        const first = renewedAddress(childAddress(root, a), i);
        const second = renewedAddress(childAddress(root, b), j);
        expect(first === second).toBe(a === b && i === j);
        expect(unnamedChildAddress(root, a, i)).not.toBe(second);
      }),
    );
  });
});
