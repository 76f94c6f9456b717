import { UsageError } from '../../kernel/usageError.js';
import type { FrameSink } from './frameSink.js';

/**
 * A running hash; the command line supplies SHA-256 of `node:crypto`, whose `Hash` needs only `digest('hex')`
 * renamed.
 */
export interface Hasher {
  update(bytes: Uint8Array): void;
  /** The digest in lower-case hex; called once, at the end. */
  digestHex(): string;
}

/** A sink that ends in a digest. */
export interface HashSink extends FrameSink {
  /** The digest. @throws UsageError before `close`, or after `discard` */
  digestHex(): string;
}

/**
 * Hashes the payload of the delivered frames in order: no header, no FRAME lines, no parameters, so that a
 * clip and its copy with other tags have one hash. Without frames it is the hash of nothing.
 */
export function hashSink(hasher: Hasher): HashSink {
  let digest: string | undefined;
  return {
    write(frame) {
      hasher.update(frame.data);
    },
    close() {
      digest ??= hasher.digestHex();
    },
    discard() {},
    digestHex() {
      if (digest === undefined)
        throw new UsageError('a hash was asked for before its frames ended', 'close it first');
      return digest;
    },
  };
}
