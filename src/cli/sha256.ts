import { createHash } from 'node:crypto';
import type { Hasher } from '../stream/frames/hashSink.js';

/** SHA-256, as `sha256sum` computes it. */
export function sha256(): Hasher {
  const hash = createHash('sha256');
  return {
    update(bytes) {
      hash.update(bytes);
    },
    digestHex: () => hash.digest('hex'),
  };
}
