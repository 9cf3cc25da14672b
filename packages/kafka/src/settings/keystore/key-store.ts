import { isJks, readJks } from './jks.ts';
import { KeyStoreError } from './key-store-error.ts';
import { isPkcs12, readPkcs12 } from './pkcs12.ts';

export interface KeyEntry {
  readonly alias: string;
  /** PKCS #8. */
  readonly key: Buffer;
  /** X.509: the certificate of the key first, then who issued it, and so on. */
  readonly chain: readonly Buffer[];
}

/** What Java keeps in a file: keys with their certificates, and certificates that are trusted. */
export interface KeyStore {
  readonly keys: readonly KeyEntry[];
  readonly trusted: readonly Buffer[];
}

export interface KeyStorePasswords {
  /** Without it the integrity is not checked, and what is encrypted cannot be read; as in Java. */
  readonly store?: string | undefined;
  /** Default: that of the store. Only asked for when `keys` are wanted. */
  readonly key?: string | undefined;
  readonly wanted: 'keys' | 'certificates';
}

/**
 * Reads what keytool writes. The bytes decide whether it is JKS or PKCS12, as in Java, where both names stand for both.
 *
 * @throws KeyStoreError without a password in it.
 */
export function readKeyStore(bytes: Buffer, passwords: KeyStorePasswords): KeyStore {
  try {
    if (isJks(bytes)) return readJks(bytes, passwords);
    if (isPkcs12(bytes)) return readPkcs12(bytes, passwords);
  } catch (error) {
    if (error instanceof KeyStoreError) throw error;
    // Offsets and lengths that lead out of the file, in many ways.
    throw new KeyStoreError('content', 'is damaged: it ends too early or was changed', { cause: error });
  }
  if (bytes.includes('-----BEGIN ')) throw new KeyStoreError('content', 'is a PEM file; set its type to PEM');
  throw new KeyStoreError('content', 'is neither JKS nor PKCS12');
}
