import { never, type WorldView } from 'interlace';
import type { CallMinidriver, DeviceSrb } from 'interlace/stream-class';

type DataCall = Extract<CallMinidriver, { callback: 'ReceiveDataPacket' }>;

/** SRBs of creates and closes that the minidriver owns. */
function fileOperations(world: WorldView): number {
  const delivered: readonly DeviceSrb[] = world.snapshot('classDriver')?.context.delivered ?? [];
  const commands = ['SRB_OPEN_STREAM', 'SRB_CLOSE_STREAM'];
  return delivered.filter(({ Command }) => commands.includes(Command)).length;
}

const dataCall = { type: 'CallMinidriver', callback: 'ReceiveDataPacket' } as const;

function isDataCall(message: { readonly type: string }): message is DataCall {
  return message.type === dataCall.type && 'callback' in message && message.callback === dataCall.callback;
}

/** The streams of the data requests that were dispatched and have not reached the minidriver. */
export function dispatchedTo(world: WorldView): string[] {
  const waiting: readonly CallMinidriver[] = world.snapshot('synchronizer')?.context.waiting ?? [];
  const coming = world.mailbox('synchronizer', dataCall).filter(isDataCall);
  const calls = [...waiting.filter(isDataCall), ...coming];
  return calls.map(({ srb }) => srb.StreamObject);
}

/** Rules of the class driver that hold with every minidriver that it synchronizes, as far as a single state shows them. */
export const classDriverRules = [
  never('INV-006: two creates or closes are under way', (world) => fileOperations(world) > 1),
  // A minidriver that has not seen the first one cannot have said Ready.
  never('INV-010: a data request is dispatched before Ready', (world) => {
    const streams = dispatchedTo(world);
    return new Set(streams).size < streams.length;
  }),
];
