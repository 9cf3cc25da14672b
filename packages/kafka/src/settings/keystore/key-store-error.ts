/** Why a key store cannot be read; the message goes on after the name of the file. */
export class KeyStoreError extends Error {
  override readonly name = 'KeyStoreError';
  /** `content` where no other password would help. */
  readonly fault: 'store password' | 'key password' | 'content';

  constructor(fault: KeyStoreError['fault'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}

/** For what no version of Java since 17 writes unless told to. */
export function outdated(what: string): KeyStoreError {
  return new KeyStoreError(
    'content',
    `uses ${what}, which is not supported; write it anew with keytool of Java 17 or later: ` +
      'keytool -importkeystore -srckeystore <this file> -destkeystore <new file> -deststoretype PKCS12',
  );
}
