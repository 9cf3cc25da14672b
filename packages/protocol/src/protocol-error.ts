/**
 * - `MALFORMED`: the bytes do not follow the layout.
 * - `TOO_LARGE`: a frame, a batch or a decompressed batch is larger than the limit in force.
 * - `CHECKSUM`: the bytes of a record batch do not have the CRC-32C that its header states.
 * - `UNSUPPORTED`: a version, message format or codec that is not spoken here.
 * - `INVALID_VALUE`: a value that cannot be encoded, or a call out of order.
 */
export type ProtocolErrorCode = 'MALFORMED' | 'TOO_LARGE' | 'CHECKSUM' | 'UNSUPPORTED' | 'INVALID_VALUE';

/** Bytes that cannot be read or a value that cannot be written. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly code: ProtocolErrorCode;
  /** Names of the fields that lead to the bad one, `topics[2].partitions[0].records`; empty where there is none. */
  path = '';
  readonly #problem: string;

  constructor(code: ProtocolErrorCode, problem: string, options?: ErrorOptions) {
    super(problem, options);
    this.code = code;
    this.#problem = problem;
  }

  /**
   * Puts a step in front of the path, called by each layer that the error passes on its way out.
   * @internal
   */
  prepend(step: string): this {
    this.path = this.path === '' || this.path.startsWith('[') ? step + this.path : `${step}.${this.path}`;
    this.message = `${this.path}: ${this.#problem}`;
    return this;
  }
}
