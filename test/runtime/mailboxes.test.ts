import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { topLevelAddress } from '../../src/kernel/address.js';
import { Tables } from '../../src/runtime/tables.js';

describe('Mailboxes', () => {
  it('are queues, and equal ones have one identity however they came about', () => {
    const tables = new Tables('ordered');
    const { mailboxes, actors } = tables;
    const places = ['a', 'b'].map((name) => actors.addTopLevel(topLevelAddress(name)));
    const messages = ['X', 'Y', 'Z'].map((type) => tables.internEvent({ type }, 'an event').id);
    const identities = new Map<string, number>();
    const command = fc.oneof(fc.constant('take' as const), fc.constantFrom(...messages));
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.array(command, { maxLength: 12 }), (place, commands) => {
        let mailbox = 0;
        const model: number[] = [];
        for (const step of commands) {
          if (step !== 'take') {
            mailbox = mailboxes.append(place.index, mailbox, step);
            model.push(step);
          } else if (model.length > 0) {
            expect(mailboxes.head(mailbox)).toBe(model.shift());
            mailbox = mailboxes.rest(mailbox);
          }
          expect(mailboxes.messages(mailbox)).toEqual(model);
          const content = model.length === 0 ? 'empty' : `${place.address} ${model}`;
          expect(identities.get(content) ?? mailbox).toBe(mailbox);
          identities.set(content, mailbox);
        }
      }),
    );
    expect(new Set(identities.values()).size).toBe(identities.size);
    expect(identities.get('empty')).toBe(0);
  });
});
