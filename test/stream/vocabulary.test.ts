import {
  formatMatches,
  freeSlot,
  irpOwner,
  irpSlot,
  isLegalStateChange,
  type KSSTATE,
  ksStateValues,
  ntSuccess,
  srbFlags,
  WILDCARD,
} from 'interlace/streaming';
import { describe, expect, it } from 'vitest';

const format = { FormatSize: 64, Flags: 0, SampleSize: 0, MajorFormat: 'v', SubFormat: 's', Specifier: 'p' };

describe('the vocabulary', () => {
  it('knows the state changes of C-051 and no others', () => {
    const states: KSSTATE[] = ['KSSTATE_STOP', 'KSSTATE_ACQUIRE', 'KSSTATE_PAUSE', 'KSSTATE_RUN'];
    const legal = states.flatMap((from) =>
      states
        .filter((to) => isLegalStateChange(from, to))
        .map((to) => `${ksStateValues[from]}${ksStateValues[to]}`),
    );
    expect(legal).toEqual(['01', '02', '10', '12', '20', '21', '23', '32']);
  });

  it('takes warnings for no success (A-021)', () => {
    expect(ntSuccess('STATUS_SUCCESS')).toBe(true);
    expect(ntSuccess('STATUS_PENDING')).toBe(true);
    expect(ntSuccess('STATUS_BUFFER_OVERFLOW')).toBe(false);
    expect(ntSuccess('STATUS_CANCELLED')).toBe(false);
  });

  it('flags device, control and data packets as 0, 2 and 3 (A-052)', () => {
    expect(srbFlags).toEqual({ device: 0, control: 2, data: 3 });
  });

  it('matches a format from the left, wildcards first (A-123)', () => {
    expect(formatMatches(format, format)).toBe(true);
    expect(formatMatches({ ...format, MajorFormat: WILDCARD, SubFormat: 'other' }, format)).toBe(true);
    expect(formatMatches({ ...format, SubFormat: WILDCARD, Specifier: 'other' }, format)).toBe(true);
    expect(formatMatches({ ...format, Specifier: 'other' }, format)).toBe(false);
    expect(formatMatches({ ...format, MajorFormat: 'other', SubFormat: WILDCARD }, format)).toBe(false);
  });

  it('names IRPs after their owner and reuses the smallest free slot', () => {
    expect(irpOwner('client.irp12')).toBe('client');
    expect(irpSlot('client.irp12')).toBe(12);
    expect(freeSlot(['pin:0', 'pin:2'], 'pin:')).toBe(1);
    expect(freeSlot([], 'pin:')).toBe(0);
  });
});
