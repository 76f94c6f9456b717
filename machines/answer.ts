import type { IoCompleteRequest, NTSTATUS } from 'interlace/streaming';

/** What an IRP that asks is completed with. */
export type Answer = Pick<IoCompleteRequest, 'Status' | 'Information' | 'Output'>;

/** The end of a request without information. */
export function failure(Status: NTSTATUS): Answer {
  return { Status, Information: 0 };
}
