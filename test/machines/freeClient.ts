import type {
  DeviceArrived,
  EventSignalled,
  FileObject,
  IoCompleteRequest,
  IrpId,
  PnpDecision,
} from 'interlace/stream-class';
import { enqueueActions, setup } from 'xstate';
import type { Request } from './scriptedRequester.js';

/** An IRP that has not been answered, and the file object that it is about; a create is about none. */
interface Asked {
  readonly irp: IrpId;
  readonly request: Request;
}

interface FreeClient {
  /** What it does first, one request after the other. */
  readonly first: readonly Request[];
  readonly isPlugged: boolean;
  /** How often it may still do something. */
  readonly left: number;
  readonly asked: readonly Asked[];
  readonly open: readonly FileObject[];
  /** Those of which the last handle is closed, until CLOSE. */
  readonly closing: readonly FileObject[];
}

/** Somebody pulls the plug. */
export const unplug = { type: 'Unplug', when: { afterMs: 0 } } as const satisfies PnpDecision;

type Move = { readonly type: 'MOVE'; readonly move: number };
type FreeClientEvent = DeviceArrived | EventSignalled | IoCompleteRequest | Move;

const fileOf = (request: Request): FileObject | undefined =>
  'FileObject' in request ? request.FileObject : undefined;

/** What the I/O manager lets through: it knows handles, and closes a file object when nothing of it is under way any more. */
function isAllowed(
  { open, closing, asked, isPlugged }: FreeClient,
  request: Request | typeof unplug,
): boolean {
  if (request.type === 'Unplug') return isPlugged;
  const file = fileOf(request);
  switch (request.type) {
    case 'IRP_MJ_CREATE':
      return request.object === 'filter' || open.includes(request.FilterObject);
    case 'IRP_MJ_CLEANUP':
      return open.some((other) => other === file);
    case 'IRP_MJ_CLOSE':
      return (
        closing.some((other) => other === file) && asked.every((other) => fileOf(other.request) !== file)
      );
    case 'IoCancelIrp':
      return asked.some(({ irp }) => irp === request.irp);
    default:
      // A thread that has the handle may be late.
      return [...open, ...closing].some((other) => other === file);
  }
}

/** Adds a request, with the smallest IRP that is free. */
function after(context: FreeClient, request: Request) {
  const { asked, open, closing } = context;
  const slot = [0, 1, 2, 3, 4, 5, 6, 7].find((n) => asked.every(({ irp }) => irp !== `client.irp${n}`)) ?? 8;
  const irp: IrpId = `client.irp${slot}`;
  const file = fileOf(request);
  const isCleanup = request.type === 'IRP_MJ_CLEANUP';
  const isClose = request.type === 'IRP_MJ_CLOSE';
  return {
    message: { irp, ...request },
    next: {
      asked: request.type === 'IoCancelIrp' ? asked : [...asked, { irp, request }],
      open: isCleanup ? open.filter((other) => other !== file) : open,
      closing: isClose
        ? closing.filter((other) => other !== file)
        : isCleanup && file
          ? [...closing, file]
          : closing,
    },
  };
}

/**
 * A client that may do anything that the I/O manager lets through, in any order, `left` times; then it dies, and the I/O manager
 * closes its handles in the order of their making, so the filter's first.
 */
export function freeClient(moves: readonly (Request | typeof unplug)[]) {
  return setup({
    types: {
      context: {} as FreeClient,
      input: {} as Pick<FreeClient, 'first' | 'left'>,
      events: {} as FreeClientEvent,
      tags: {} as 'idle',
      meta: {} as object,
    },
    actions: {
      begin: enqueueActions(({ context, enqueue }) => {
        const [request, ...first] = context.first;
        if (!request) return;
        const { message, next } = after(context, request);
        enqueue.assign({ ...next, first });
        enqueue.sendTo(({ system }) => system.get('classDriver'), message);
      }),
      move: enqueueActions(({ context, event, enqueue }) => {
        const request = event.type === 'MOVE' ? moves[event.move] : undefined;
        if (!request) return;
        if (request.type === 'Unplug') {
          enqueue.assign({ isPlugged: false, left: context.left - 1 });
          enqueue.sendTo(({ system }) => system.get('pnpManager'), request);
          return;
        }
        const { message, next } = after(context, request);
        enqueue.assign({ ...next, left: context.left - 1 });
        enqueue.sendTo(({ system }) => system.get('classDriver'), message);
      }),
      note: enqueueActions(({ context, event, enqueue }) => {
        if (event.type !== 'IoCompleteRequest') return;
        const { FileObject: file, irp } = event;
        enqueue.assign({
          asked: context.asked.filter((other) => other.irp !== irp),
          open: file && !context.open.includes(file) ? [...context.open, file].sort() : context.open,
        });
      }),
      closeHandle: enqueueActions(({ context, enqueue }) => {
        const request = dying(context);
        if (!request) return;
        const { message, next } = after(context, request);
        enqueue.assign(next);
        enqueue.sendTo(({ system }) => system.get('classDriver'), message);
      }),
      sayDone: enqueueActions(({ enqueue }) => {
        enqueue.sendTo(({ system }) => system.get('pnpManager'), { type: 'ClientDone' });
      }),
    },
    guards: {
      begins: ({ context }) => context.first.length > 0,
      isAnswer: ({ context, event }) =>
        event.type === 'IoCompleteRequest' && context.asked.some(({ irp }) => irp === event.irp),
      mayMove: ({ context, event }) => {
        const request = event.type === 'MOVE' ? moves[event.move] : undefined;
        return request !== undefined && isAllowed(context, request);
      },
      isSpent: ({ context }) => context.left === 0,
      mayClose: ({ context }) => dying(context) !== undefined,
      hasClosed: ({ context: { asked, open, closing } }) => asked.length + open.length + closing.length === 0,
    },
  }).createMachine({
    id: 'freeClient',
    meta: { strict: true },
    context: ({ input }) => ({ ...input, isPlugged: true, asked: [], open: [], closing: [] }),
    on: {
      EventSignalled: {},
      IoCompleteRequest: { guard: 'isAnswer', actions: 'note' },
    },
    initial: 'waiting',
    states: {
      waiting: { tags: ['idle'], on: { DeviceArrived: 'beginning' } },
      beginning: {
        entry: 'begin',
        on: {
          IoCompleteRequest: [
            { guard: 'begins', target: 'beginning', reenter: true, actions: 'note' },
            { target: 'free', actions: 'note' },
          ],
        },
      },
      free: {
        tags: ['idle'],
        meta: { offers: moves.map((_, move) => ({ type: 'MOVE', move })) },
        on: { MOVE: { guard: 'mayMove', actions: 'move' } },
        always: { guard: 'isSpent', target: 'dying' },
      },
      dying: {
        always: [
          { guard: 'mayClose', target: 'dying', reenter: true, actions: 'closeHandle' },
          { guard: 'hasClosed', target: 'dead' },
        ],
      },
      dead: { tags: ['idle'], entry: 'sayDone' },
    },
  });
}

/** What the I/O manager does next for a process that is dead. */
function dying(context: FreeClient): Request | undefined {
  const [file] = context.open;
  if (file) return { type: 'IRP_MJ_CLEANUP', FileObject: file };
  const request = context.closing
    .map((FileObject) => ({ type: 'IRP_MJ_CLOSE', FileObject }) as const)
    .find((close) => isAllowed(context, close));
  return request;
}
