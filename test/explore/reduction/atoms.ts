import type { WorldView } from '../../../src/runtime/worldView.js';

/** One thing that can be said of a state. */
export interface Atom {
  readonly name: string;
  readonly of: (view: WorldView) => string;
}

/** What may be asked of actors at these addresses. */
export function actorAtoms(addresses: readonly string[]): Atom[] {
  return addresses.flatMap((address): Atom[] => [
    {
      name: `state of ${address}`,
      of: (view) => String(view.snapshot(address)?.value ?? view.snapshot(address)?.status),
    },
    {
      name: `mail of ${address}`,
      of: (view) =>
        view
          .mailbox(address)
          .map(({ type }) => type)
          .join(),
    },
    ...['e0', 'e1'].map((type) => ({
      name: `${type} in the mail of ${address}`,
      of: (view: WorldView) => String(view.mailbox(address, { type }).length),
    })),
    {
      name: `timers of ${address}`,
      of: (view) =>
        view
          .timers(address)
          .map(({ remaining }) => remaining)
          .join(),
    },
  ]);
}

/** What may be asked of offers at these addresses, and of the addresses. */
export function openAtoms(addresses: readonly string[]): Atom[] {
  const offers = (view: WorldView, address: string): string =>
    view
      .offers(address)
      .map(({ event, left }) => `${event.type} ${left}`)
      .join();
  return [
    { name: 'addresses', of: (view) => view.addresses().join() },
    ...addresses.flatMap((address): Atom[] => [
      { name: `${address} exists`, of: (view) => String(view.addresses().includes(address)) },
      { name: `offers of ${address}`, of: (view) => offers(view, address) },
    ]),
  ];
}

/** What may be asked of cells of a thread program's memory. */
export function memoryAtoms(address: string, cells: readonly string[]): Atom[] {
  return cells.map((cell) => ({
    name: cell,
    of: (view) => String(view.snapshot(address)?.context.memory[cell]),
  }));
}

/** What may be asked of cells of a minidriver's device extension. */
export function extensionAtoms(address: string, cells: readonly string[]): Atom[] {
  return cells.map((cell) => ({
    name: cell,
    of: (view) => String(view.snapshot(address)?.context?.HwDeviceExtension?.[cell]),
  }));
}
