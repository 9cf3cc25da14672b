import { MillraceError } from '@millrace/api';
import { requestErrorCodes } from '../herder/herder-errors.ts';

/** An answer that says why there is no better one. */
export class HttpError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'HttpError';
    this.status = status;
  }
}

export interface ErrorBody {
  readonly error_code: number;
  readonly message: string;
}

const statusOfCode: Readonly<Record<string, number>> = {
  [requestErrorCodes.badRequest]: 400,
  [requestErrorCodes.forbidden]: 403,
  [requestErrorCodes.conflict]: 409,
  [requestErrorCodes.notReady]: 503,
};
const statusOfKind: Readonly<Record<string, number>> = { config: 400, 'not-found': 404, 'already-exists': 409 };

/** The status that an error is answered with: what the caller can mend is the caller's, anything else is ours. */
export function statusOf(error: unknown): number {
  if (error instanceof HttpError) return error.status;
  if (!MillraceError.isInstance(error)) return 500;
  return statusOfCode[error.code] ?? statusOfKind[error.kind] ?? 500;
}

export function errorBody(error: unknown): ErrorBody {
  const message = error instanceof Error ? error.message : String(error);
  return { error_code: statusOf(error), message };
}
