import { changed, type Model, upTo } from './model.js';

interface Ring {
  readonly monitor: 'watching' | 'gone';
  readonly stations: readonly { readonly is: 'rests' | 'waits' | 'works'; readonly tokens: number }[];
}

/** Tokens are counted, not sent. */
export function tokenRingModel(count: number, isImpatient: boolean): Model<Ring> {
  const given = (ring: Ring, to: number): Ring => ({
    ...ring,
    stations: changed(ring.stations, to % count, ({ is, tokens }) => ({ is, tokens: tokens + 1 })),
  });
  return {
    first: given(
      {
        monitor: isImpatient ? 'watching' : 'gone',
        stations: upTo(count).map(() => ({ is: 'rests', tokens: 0 })),
      },
      0,
    ),
    nexts: (ring) => [
      ...(ring.monitor === 'watching' ? [given({ ...ring, monitor: 'gone' }, 0)] : []),
      ...ring.stations.flatMap(({ is, tokens }, i) => {
        const becomes = (next: typeof is, left: number): Ring => ({
          ...ring,
          stations: changed(ring.stations, i, () => ({ is: next, tokens: left })),
        });
        return [
          ...(is === 'rests' ? [becomes('waits', tokens)] : []),
          ...(is === 'works' ? [given(becomes('rests', tokens), i + 1)] : []),
          ...(tokens > 0 && is === 'rests' ? [given(becomes('rests', tokens - 1), i + 1)] : []),
          ...(tokens > 0 && is === 'waits' ? [becomes('works', tokens - 1)] : []),
          // A station that works takes no notice of a token: it is lost.
          ...(tokens > 0 && is === 'works' ? [becomes('works', tokens - 1)] : []),
        ];
      }),
    ],
    isWrong: ({ stations }) => stations.filter(({ is }) => is === 'works').length > 1,
  };
}
