import type {
  CancelIrp,
  ClassDriverMessage,
  ClientDone,
  DeviceArrived,
  EventSignalled,
  IoCompleteRequest,
  IrpId,
  NTSTATUS,
} from 'interlace/stream-class';
import { enqueueActions, setup } from 'xstate';

/** A request but for its IRP; a cancel names the one that it is about. */
export type Request = ClassDriverMessage extends infer M
  ? M extends CancelIrp
    ? M
    : M extends { irp: IrpId }
      ? Omit<M, 'irp'>
      : never
  : never;

interface Requester {
  /** Requests that go out together; the next burst follows when all have been answered. */
  readonly bursts: readonly (readonly Request[])[];
  /** Whether it is done when something is refused, and not just cancelled. Default no. */
  readonly givesUp?: boolean;
  readonly open: readonly IrpId[];
  readonly answers: readonly NTSTATUS[];
}

/** Takes the place of the client: sends what it is given and notes the answers in their order. */
export const scriptedRequester = setup({
  types: {
    context: {} as Requester,
    input: {} as Pick<Requester, 'bursts' | 'givesUp'>,
    events: {} as DeviceArrived | EventSignalled | IoCompleteRequest,
    tags: {} as 'idle',
  },
  actions: {
    sendBurst: enqueueActions(({ context, enqueue }) => {
      const [burst = [], ...bursts] = context.bursts;
      const all = burst.map((request, i) => ({ irp: `client.irp${i}` as const, ...request }));
      const asking = all.filter(({ type }) => type !== 'IoCancelIrp');
      enqueue.assign({ bursts, open: asking.map(({ irp }) => irp) });
      for (const request of all) enqueue.sendTo(({ system }) => system.get('classDriver'), request);
    }),
    note: enqueueActions(({ context, event, enqueue }) => {
      if (event.type !== 'IoCompleteRequest') return;
      enqueue.assign({
        open: context.open.filter((irp) => irp !== event.irp),
        answers: [...context.answers, event.Status],
      });
    }),
    sayDone: enqueueActions(({ enqueue }) => {
      const done: ClientDone = { type: 'ClientDone' };
      enqueue.sendTo(({ system }) => system.get('pnpManager'), done);
    }),
  },
  guards: {
    isLastAnswer: ({ context }) => context.open.length === 0,
    isLastBurst: ({ context: { open, bursts, answers, givesUp } }) =>
      open.length === 0 &&
      (bursts.length === 0 ||
        (givesUp === true &&
          answers.some((status) => status !== 'STATUS_SUCCESS' && status !== 'STATUS_CANCELLED'))),
  },
}).createMachine({
  context: ({ input }) => ({ ...input, open: [], answers: [] }),
  on: { EventSignalled: {} },
  initial: 'waiting',
  states: {
    waiting: { tags: ['idle'], on: { DeviceArrived: 'asking' } },
    asking: {
      entry: 'sendBurst',
      on: { IoCompleteRequest: { actions: 'note' } },
      always: [
        { guard: 'isLastBurst', target: 'done' },
        { guard: 'isLastAnswer', target: 'asking', reenter: true },
      ],
    },
    done: { tags: ['idle'], entry: 'sayDone', on: { IoCompleteRequest: { actions: 'note' } } },
  },
});
