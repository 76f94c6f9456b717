import { bundled, type Catalog } from '../../src/cli/catalog.js';
import { runCommandAt } from '../../src/cli/commandLine.js';
import { stubScenario } from '../stream/stubCamera.js';

/** What a command printed and how it ended. */
export interface Ending {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Scenarios that run on the stub: a sound one, and one whose driver swaps two elements. */
const stubs: Catalog = {
  ...bundled,
  scenarios: [
    stubScenario('stub'),
    stubScenario('swapped', {
      program: ([first, second, ...rest]) => [second, first, ...rest].flatMap((e) => e ?? []),
    }),
  ],
};

interface Around {
  readonly catalog?: Catalog;
  readonly signal?: AbortSignal;
  readonly showsProgress?: boolean;
  /** After so many characters nobody reads stdout any more. */
  readonly readerLeavesAfter?: number;
  /** Hears of what is printed. */
  readonly onOut?: (text: string) => void;
}

/** Runs a command in this process. */
export async function interlace(argv: readonly string[], around: Around = {}): Promise<Ending> {
  const { catalog = stubs, signal = new AbortController().signal } = around;
  const { showsProgress = false, readerLeavesAfter = Number.POSITIVE_INFINITY, onOut } = around;
  let out = '';
  let err = '';
  const terminal = {
    out(text: string) {
      out += text;
      onOut?.(text);
    },
    err(text: string) {
      err += text;
    },
    showsProgress,
    get isClosed() {
      return out.length > readerLeavesAfter;
    },
  };
  const code = await runCommandAt({ terminal, catalog, signal }, argv);
  return { code, out, err };
}
