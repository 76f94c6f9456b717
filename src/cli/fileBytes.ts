import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from '../kernel/usageError.js';
import type { ByteSink } from '../stream/frames/byteSink.js';
import type { ByteSource } from '../stream/frames/byteSource.js';

/** A file that is being read, from its begin; it can be closed and opened anew to be read again. */
export interface FileSource extends ByteSource {
  close(): void;
}

/**
 * Opens a file for reading.
 *
 * @throws UsageError when there is none, it may not be read, or it is a folder, a pipe or a device, which cannot be looked over
 *   before it is read
 */
export function openFileSource(file: string): FileSource {
  const fix = 'give a .y4m file that can be read';
  const descriptor = attempt(file, 'read', fix, () => {
    // Opening a pipe would wait for its writer.
    requireRegularFile(statSync(file), file, fix);
    return openSync(file, 'r');
  });
  let at = 0;
  return {
    read(into) {
      const count = attempt(file, 'read', fix, () => readSync(descriptor, into, 0, into.length, at));
      at += count;
      return count;
    },
    skip(bytes) {
      const there = Math.min(bytes, Math.max(0, fstatSync(descriptor).size - at));
      at += there;
      return there;
    },
    close: () => closeSync(descriptor),
  };
}

/**
 * Opens a file for writing. Bytes go to a new file beside it, which takes its name in `close`; until then, and for ever if it is
 * discarded, what was there stays. Devices and pipes (`/dev/null`) are written to directly.
 *
 * @throws UsageError, with nothing made, when it could not be written
 */
export function openFileSink(file: string): ByteSink {
  const fix = 'give a file that can be written';
  return attempt(file, 'written', fix, () => {
    const before = statSync(file, { throwIfNoEntry: false });
    if (before?.isDirectory()) throw new UsageError(`${file} is a folder`, fix);
    if (before) accessSync(file, constants.W_OK);
    if (before && !before.isFile()) return directSink(file, fix);
    return replacingSink(file, before, fix);
  });
}

/** Whether two names are names of one file. */
export function isSameFile(a: string, b: string): boolean {
  const [one, other] = [a, b].map((file) => {
    try {
      return statSync(file, { bigint: true });
    } catch {
      // A file that cannot be looked at is refused when it is opened.
      return undefined;
    }
  });
  if (one && other) return one.ino === other.ino && one.dev === other.dev;
  return resolve(a) === resolve(b);
}

function directSink(file: string, fix: string): ByteSink {
  const descriptor = openSync(file, 'w');
  return {
    write: (bytes) => attempt(file, 'written', fix, () => writeAll(descriptor, bytes)),
    close: () => closeSync(descriptor),
    discard: () => closeSync(descriptor),
  };
}

function replacingSink(file: string, before: Stats | undefined, fix: string): ByteSink {
  const target = before ? realpathSync(file) : file;
  const partial = join(dirname(target), `.${basename(target)}.${process.pid}.partial`);
  const descriptor = openSync(partial, 'wx');
  const remove = (): void => rmSync(partial, { force: true });
  // Also when the process ends in between.
  process.once('exit', remove);
  if (before) fchmodSync(descriptor, before.mode);
  let isOpen = true;
  const closeOnce = (): void => {
    if (isOpen) closeSync(descriptor);
    isOpen = false;
  };
  return {
    write: (bytes) => attempt(file, 'written', fix, () => writeAll(descriptor, bytes)),
    close() {
      attempt(file, 'written', fix, () => {
        closeOnce();
        renameSync(partial, target);
      });
      process.off('exit', remove);
    },
    discard() {
      closeOnce();
      remove();
      process.off('exit', remove);
    },
  };
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
}

function requireRegularFile(stats: Stats, file: string, fix: string): void {
  if (stats.isDirectory()) throw new UsageError(`${file} is a folder`, fix);
  if (!stats.isFile()) throw new UsageError(`${file} is no regular file`, fix);
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of its path is no folder',
  EISDIR: 'it is a folder',
  EACCES: 'it is not allowed',
  EPERM: 'it is not allowed',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  ENAMETOOLONG: 'its name is too long',
};

/** Does something with a file; what the system refuses becomes a sentence. */
function attempt<T>(file: string, what: 'read' | 'written', fix: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) throw error;
    const reason = reasons[error.code] ?? error.code;
    throw new UsageError(`${file} cannot be ${what}: ${reason}`, fix, { cause: error });
  }
}
