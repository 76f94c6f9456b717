import { describe, expect, it } from 'vitest';
import { frameEventIn } from '../../src/stream/frameEvents.js';

describe('frameEventIn', () => {
  it.each([
    { type: 'FrameCaptured', slot: 0 },
    { type: 'FrameDropped' },
    { type: 'DmaTransfer', slot: 1, timeAddress: 8, elements: [{ PhysicalAddress: 4096, Length: 1 }] },
    { type: 'DmaTransfer', slot: 1, timeAddress: 8, elements: [] },
    { type: 'FrameDelivered', address: 0, bytes: 0, presentationTime: 0 },
    { type: 'FrameDelivered', address: 0, bytes: 0, presentationTime: null, header: 48 },
  ])('knows %j, and takes nothing else from it', (event) => {
    const longer: { readonly type: string } = { ...event, ...{ more: true } };
    expect(frameEventIn(longer)).toEqual(event);
  });

  it('leaves other events alone', () => {
    expect(frameEventIn({ type: 'CameraMoved' })).toBeUndefined();
  });

  it.each([
    { type: 'FrameCaptured' },
    { type: 'FrameCaptured', slot: 1.5 },
    { type: 'DmaTransfer', slot: 1 },
    { type: 'DmaTransfer', slot: 1, elements: [] },
    { type: 'DmaTransfer', slot: 1, timeAddress: -8, elements: [] },
    { type: 'DmaTransfer', slot: 1, timeAddress: 8, elements: [{ PhysicalAddress: -4096, Length: 1 }] },
    { type: 'DmaTransfer', slot: 1, timeAddress: 8, elements: [{ PhysicalAddress: 0, Length: Number.NaN }] },
    { type: 'DmaTransfer', slot: 1, timeAddress: 8, elements: [undefined] },
    { type: 'FrameDelivered', address: 0, bytes: '1', presentationTime: 0 },
    { type: 'FrameDelivered', address: 0, bytes: 1 },
    { type: 'FrameDelivered', address: 0, bytes: 1, presentationTime: null },
  ])('refuses %j and says what it should be', (event) => {
    expect(() => frameEventIn(event as { type: string })).toThrow(
      `an actor emitted ${JSON.stringify(event)}; a ${event.type} has the fields { `,
    );
  });
});
