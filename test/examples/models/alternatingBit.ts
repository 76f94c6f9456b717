import type { Model } from './model.js';

/** An item, or what is acknowledged; only its last bit can be seen from outside. */
interface Lines {
  /** The item that is sent, or the count of all. */
  readonly item: number;
  readonly received: readonly number[];
  /** Unread mail, in order, and what the two channels hold. */
  readonly toThere: readonly number[];
  readonly there: number | null;
  readonly toReceiver: readonly number[];
  readonly toBack: readonly number[];
  readonly back: number | null;
  readonly toSender: readonly number[];
}

/** Six lists of numbers. An acknowledgement is its bit. */
export function alternatingBitModel(count: number, looksAtBit: boolean): Model<Lines> {
  const sent = (lines: Lines): Lines =>
    lines.item < count ? { ...lines, toThere: [...lines.toThere, lines.item] } : lines;
  const receives = (lines: Lines): Lines[] => {
    const [item, ...toReceiver] = lines.toReceiver;
    if (item === undefined) return [];
    const isNew = !looksAtBit || item % 2 === lines.received.length % 2;
    const received = isNew ? [...lines.received, item] : lines.received;
    return [{ ...lines, toReceiver, received, toBack: [...lines.toBack, item % 2] }];
  };
  const acknowledged = (lines: Lines): Lines[] => {
    const [bit, ...toSender] = lines.toSender;
    if (bit === undefined) return [];
    const isFor = lines.item < count && (!looksAtBit || bit === lines.item % 2);
    return [isFor ? sent({ ...lines, toSender, item: lines.item + 1 }) : { ...lines, toSender }];
  };
  return {
    first: sent({
      item: 0,
      received: [],
      toThere: [],
      there: null,
      toReceiver: [],
      toBack: [],
      back: null,
      toSender: [],
    }),
    nexts(lines) {
      const messages = [...receives(lines), ...acknowledged(lines)];
      const [letter, ...toThere] = lines.toThere;
      if (letter !== undefined) messages.push({ ...lines, toThere, there: lines.there ?? letter });
      const [answer, ...toBack] = lines.toBack;
      if (answer !== undefined) messages.push({ ...lines, toBack, back: lines.back ?? answer });
      const losses = [];
      if (lines.there !== null) losses.push({ ...lines, there: null });
      if (lines.back !== null) losses.push({ ...lines, back: null });
      const deliveries = [];
      if (lines.there !== null)
        deliveries.push({ ...lines, there: null, toReceiver: [...lines.toReceiver, lines.there] });
      if (lines.back !== null)
        deliveries.push({ ...lines, back: null, toSender: [...lines.toSender, lines.back] });
      const repeats = messages.length === 0 && lines.item < count ? [sent(lines)] : [];
      return [...messages, ...losses, ...deliveries, ...repeats];
    },
    isWrong: ({ received, item }) =>
      received.some((one, i) => one !== i) || (item === count && received.length < count),
  };
}
