import { describe, expect, it } from 'vitest';
import { frameEventIn } from '../../src/stream/frameEvents.js';

describe('frameEventIn', () => {
  it.each([
    { type: 'FrameCaptured', frame: 0 },
    { type: 'FrameDropped', frame: 7 },
    { type: 'DmaTransfer', frame: 1, elements: [{ PhysicalAddress: 4096, Length: 1 }] },
    { type: 'DmaTransfer', frame: 1, elements: [] },
    { type: 'FrameDelivered', address: 0, bytes: 0, presentationTime: 0 },
  ])('knows %j, and takes nothing else from it', (event) => {
    const longer: { readonly type: string } = { ...event, ...{ more: true } };
    expect(frameEventIn(longer)).toEqual(event);
  });

  it('leaves other events alone', () => {
    expect(frameEventIn({ type: 'CameraMoved' })).toBeUndefined();
  });

  it.each([
    { type: 'FrameCaptured' },
    { type: 'FrameDropped', frame: -1 },
    { type: 'FrameCaptured', frame: 1.5 },
    { type: 'DmaTransfer', frame: 1 },
    { type: 'DmaTransfer', frame: 1, elements: [{ PhysicalAddress: -4096, Length: 1 }] },
    { type: 'DmaTransfer', frame: 1, elements: [{ PhysicalAddress: 0, Length: Number.NaN }] },
    { type: 'DmaTransfer', frame: 1, elements: [undefined] },
    { type: 'FrameDelivered', address: 0, bytes: '1', presentationTime: 0 },
    { type: 'FrameDelivered', address: 0, bytes: 1 },
  ])('refuses %j and says what it should be', (event) => {
    expect(() => frameEventIn(event as { type: string })).toThrow(
      `an actor emitted ${JSON.stringify(event)}; a ${event.type} has the fields { `,
    );
  });
});
