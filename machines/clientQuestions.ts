import type { FileObject, IrpId, PropertyRequest } from 'interlace/streaming';

/** A property that an application asks for while its stream flows, whatever the answer. Plain data. */
export type ClientQuestion = Omit<PropertyRequest, 'type' | 'irp' | 'FileObject'> & {
  /** Whom it asks. */
  readonly object: 'filter' | 'pin';
};

/** The request that a question is. */
export function questionRequest(
  { object: _, ...question }: ClientQuestion,
  irp: IrpId,
  FileObject: FileObject,
): PropertyRequest {
  return { type: 'IOCTL_KS_PROPERTY', irp, FileObject, ...question };
}
