import { type ErrorName, errorCode } from '@millrace/protocol';

/** A request, or one item of it, that is answered with an error code. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly error: ErrorName;

  constructor(error: ErrorName, message: string, options?: ErrorOptions) {
    super(message, options);
    this.error = error;
  }

  get code(): number {
    return errorCode[this.error];
  }
}

export interface ErrorAnswer {
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

/** Runs one item of a request: what a client is told about how it went. */
export function attempt(run: () => void): ErrorAnswer {
  try {
    run();
    return { errorCode: 0, errorMessage: null };
  } catch (error) {
    return errorAnswer(error);
  }
}

/** What a client is told about an error; one that is no {@link RequestError} is thrown on. */
export function errorAnswer(error: unknown): { readonly errorCode: number; readonly errorMessage: string } {
  if (error instanceof RequestError) return { errorCode: error.code, errorMessage: error.message };
  throw error;
}
