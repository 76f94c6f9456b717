/** Where a command speaks; tests give their own. */
export interface Terminal {
  /** Results, on stdout. */
  out(text: string): void;
  /** Errors, warnings and progress, on stderr. */
  err(text: string): void;
  /** Whether a person watches stderr. */
  readonly showsProgress: boolean;
  /** Whether nobody reads stdout any more (`| head`), which is no error. */
  readonly isClosed: boolean;
}

/** The terminal of this process. A closed pipe makes it silent, and nothing else. */
export function processTerminal(): Terminal {
  const { stdout, stderr } = process;
  // As it is now: later it may be kept from code of the user's.
  const write = stdout.write.bind(stdout);
  let isClosed = false;
  let isDeaf = false;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    isClosed = true;
  });
  stderr.on('error', () => {
    isDeaf = true;
  });
  return {
    out: (text) => void (isClosed || write(text)),
    err: (text) => void (isDeaf || stderr.write(text)),
    showsProgress: stderr.isTTY === true,
    get isClosed() {
      return isClosed;
    },
  };
}
