/**
 * - `DATA_IN_USE`: another broker works on the data directory.
 * - `ADDRESS_UNAVAILABLE`: the port is taken, or the host is not one of this machine.
 * - `DATA_UNUSABLE`: the data directory cannot be made, read or written.
 */
export type BrokerErrorCode = 'DATA_IN_USE' | 'ADDRESS_UNAVAILABLE' | 'DATA_UNUSABLE';

/** Why a broker did not start; the message is one line that says what to do. */
export class BrokerError extends Error {
  override readonly name = 'BrokerError';
  readonly code: BrokerErrorCode;

  constructor(code: BrokerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
