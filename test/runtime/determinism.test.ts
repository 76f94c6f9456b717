import { afterEach, describe, expect, it } from 'vitest';
import { keepingDoorsClosed, withoutHiddenInputs } from '../../src/runtime/determinism.js';

const doors = (): unknown[] => [
  globalThis.setTimeout,
  globalThis.Date,
  globalThis.Promise,
  Date.prototype.constructor,
  Math.random,
  performance.now,
  crypto.randomUUID,
];
const open = doors();
const refuse = (what: string): never => {
  throw new Error(`refused: ${what}`);
};
const nobody = (): never => {
  throw new Error('nobody is asked');
};

describe('the doors to the world outside', () => {
  afterEach(() => expect(doors()).toEqual(open));

  it('are closed while user code runs', () => {
    expect(() => withoutHiddenInputs(refuse, () => Math.random())).toThrow(
      'refused: Math.random() was called',
    );
    expect(doors()).toEqual(open);
    expect(Math.random()).toBeLessThan(1);
  });

  it('refuse in the name of whose code runs, while they are kept closed too', () => {
    keepingDoorsClosed(() => {
      expect(doors()).toEqual(open);
      withoutHiddenInputs(nobody, () => 1);
      const closed = doors();
      for (const [i, door] of closed.entries()) expect(door).not.toBe(open[i]);
      expect(() => withoutHiddenInputs(refuse, () => performance.now())).toThrow(
        'refused: performance.now()',
      );
      expect(doors()).toEqual(closed);
    });
  });

  it('are opened after what threw, and where one such region lies in another', () => {
    expect(() => keepingDoorsClosed(() => withoutHiddenInputs(refuse, () => new Date()))).toThrow(
      'refused: new Date()',
    );
    expect(doors()).toEqual(open);
    keepingDoorsClosed(() => {
      keepingDoorsClosed(() => withoutHiddenInputs(nobody, () => 1));
      expect(doors()).not.toEqual(open);
    });
  });

  it('become again what they were when they were closed', () => {
    const { now } = Date;
    const own = (): number => 7;
    Date.now = own;
    try {
      withoutHiddenInputs(refuse, () => 1);
      expect(Date.now).toBe(own);
    } finally {
      Date.now = now;
    }
    const { random } = Math;
    Math.random = own;
    try {
      keepingDoorsClosed(() => withoutHiddenInputs(refuse, () => 1));
      expect(Math.random()).toBe(7);
    } finally {
      Math.random = random;
    }
  });
});
