import { MillraceError, RetriableError } from '@millrace/api';

/** What is there cannot be read by position, so nothing could go on where it stopped. */
export function notAFile(path: string): MillraceError {
  return new MillraceError(
    `${path} is no regular file; name one in \`file\`, or leave \`file\` out to read standard input.`,
    { code: 'NOT_A_FILE' },
  );
}

export function lineTooLong(name: string, position: number, limit: number): MillraceError {
  return new MillraceError(
    `${name}: the line at byte ${position} has no end within ${limit} bytes. End it, or set the position of the connector behind it.`,
    { code: 'LINE_TOO_LONG' },
  );
}

/** What may go away by itself: no room on the disk, a pipe whose reader is behind. */
const passing: Readonly<Record<string, string>> = {
  ENOSPC: 'there is no space left; make room for it',
  EDQUOT: 'its quota is used up; make room for it',
  EAGAIN: 'whoever reads it is behind',
};

/** @returns a RetriableError where the same write may succeed later. */
export function cannotAppend(name: string, cause: unknown): MillraceError {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  const reason = passing[code];
  if (reason !== undefined) return new RetriableError(`${name} cannot be written: ${reason}.`, { cause });
  return new MillraceError(`${name} cannot be written: ${message}.`, { code: 'CANNOT_WRITE', cause });
}

export function cannotCreate(path: string, cause: unknown): MillraceError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const reason =
    code === 'ENOENT'
      ? 'its directory is not there; make it'
      : code === 'EISDIR'
        ? 'it is a directory; name a file in it'
        : code === 'EACCES' || code === 'EPERM'
          ? 'the worker has no permission; allow it to write there'
          : message;
  return new MillraceError(`Couldn't find or create file '${path}' for FileStreamSinkTask: ${reason}.`, {
    code: 'CANNOT_CREATE',
    cause,
  });
}
