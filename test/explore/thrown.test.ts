import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { check } from '../../src/explore/check.js';
import { never } from '../../src/property/property.js';
import { defineSystem } from '../../src/runtime/system.js';

describe('what was thrown', () => {
  it.each<[thrown: unknown, said: string]>([
    [new RangeError('too far'), 'too far'],
    ['too far', 'too far'],
    [undefined, 'undefined'],
    [{ code: 5, size: 2n }, '{"code":5,"size":"2n"}'],
    [Object.create(null), '{}'],
  ])('%o is said in the sentence of the failure', async (thrown, said) => {
    const fail = () => {
      throw thrown;
    };
    const logic = createMachine({
      tags: ['idle'],
      meta: { offers: ['GO'] },
      on: { GO: { actions: fail } },
    });
    const { violations } = await check(defineSystem({ name: 's', actors: { a: { logic } } }));
    expect(violations.map(({ message }) => message)).toEqual([`actor 'a' failed: ${said}`]);
  });

  it('is said of a property too', async () => {
    const logic = createMachine({ tags: ['idle'] });
    const thrower = never('it throws', () => {
      throw Object.assign(Object.create(null), { code: 5 });
    });
    await expect(
      check(defineSystem({ name: 's', actors: { a: { logic } } }), { properties: [thrower] }),
    ).rejects.toThrow('the property \'it throws\' threw: {"code":5}; in the initial state');
  });
});
