import { MillraceError } from '@millrace/api';

/** Codes of errors that are the caller's, beside those that have a kind of their own (`not-found`, `already-exists`). */
export const requestErrorCodes = {
  badRequest: 'BAD_REQUEST',
  forbidden: 'FORBIDDEN',
  conflict: 'CONFLICT',
  notReady: 'NOT_READY',
} as const;

/** What was asked for makes no sense, whatever the state of the worker. */
export function badRequest(message: string): MillraceError {
  return new MillraceError(message, { code: requestErrorCodes.badRequest });
}

/** The worker's configuration does not allow it. */
export function forbidden(message: string): MillraceError {
  return new MillraceError(message, { code: requestErrorCodes.forbidden });
}
