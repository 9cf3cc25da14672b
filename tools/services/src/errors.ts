const brand = Symbol.for('millrace.services.error');

/**
 * - `SERVICE_UNAVAILABLE`: a program that the service needs is not on this machine.
 * - `SERVICE_USAGE`: the request was wrong (unknown name, port in use, nothing running, …).
 * - `SERVICE_FAILED`: the service or its installation failed.
 */
export type ServiceErrorCode = 'SERVICE_UNAVAILABLE' | 'SERVICE_USAGE' | 'SERVICE_FAILED';

/** What this package throws. Recognise it by `code` or `isInstance`, also after it came from another process. */
export class ServiceError extends Error {
  override readonly name: string = 'ServiceError';
  readonly [brand] = true;
  readonly code: ServiceErrorCode;

  constructor(code: ServiceErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  static isInstance(value: unknown): value is ServiceError {
    return typeof value === 'object' && value !== null && brand in value;
  }
}

/** A program that the service needs is missing; the message names it and says how to get it. */
export class ServiceUnavailableError extends ServiceError {
  override readonly name = 'ServiceUnavailableError';

  constructor(message: string) {
    super('SERVICE_UNAVAILABLE', message);
  }

  static override isInstance(value: unknown): value is ServiceUnavailableError {
    return ServiceError.isInstance(value) && value.code === 'SERVICE_UNAVAILABLE';
  }
}

/** An error of this package as plain data. */
export interface WireError {
  readonly code: ServiceErrorCode;
  readonly message: string;
}

export function errorToWire(error: unknown): WireError {
  if (ServiceError.isInstance(error)) return { code: error.code, message: error.message };
  return { code: 'SERVICE_FAILED', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

export function errorFromWire({ code, message }: WireError): ServiceError {
  return code === 'SERVICE_UNAVAILABLE' ? new ServiceUnavailableError(message) : new ServiceError(code, message);
}

export const usageError = (message: string): ServiceError => new ServiceError('SERVICE_USAGE', message);
