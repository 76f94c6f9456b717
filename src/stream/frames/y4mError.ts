import { UsageError } from '../../kernel/usageError.js';

/** What a {@link Y4mError} is made of. */
export interface Y4mFault {
  /** The file as the user named it. */
  readonly file: string;
  /** Offset of the byte that is not as expected; for a truncated file its length. */
  readonly offsetBytes: number;
  /** Too short, against the format, or legal but not carried by us. */
  readonly kind: 'truncated' | 'malformed' | 'unsupported';
  /** What was expected and what is there. */
  readonly detail: string;
  readonly fix: string;
}

/**
 * A clip cannot be read, and where: `clip.y4m: truncated at byte 1234: frame 3 needs 460800 bytes, 17 are
 * there; …`. A misuse, so the command line prints it like any {@link UsageError}.
 */
export class Y4mError extends UsageError {
  readonly file: string;
  readonly offsetBytes: number;
  readonly kind: Y4mFault['kind'];

  constructor(fault: Y4mFault) {
    super(`${fault.file}: ${fault.kind} at byte ${fault.offsetBytes}: ${fault.detail}`, fault.fix);
    this.file = fault.file;
    this.offsetBytes = fault.offsetBytes;
    this.kind = fault.kind;
  }
}

/** A piece of a hostile file for a message: quoted, control characters escaped, at most 40 characters. */
export function excerpt(text: string): string {
  return text.length <= 40 ? JSON.stringify(text) : `${JSON.stringify(text.slice(0, 40))}…`;
}
