import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readKeyStore } from '../../../src/settings/keystore/key-store.ts';
import { storeContract } from './store-contract.ts';

describe('stores of keytool 17', () => {
  storeContract(() => join(import.meta.dirname, 'fixtures'));
});

test('what is no store is said to be none', () => {
  const read = (text: string | Buffer): unknown => readKeyStore(Buffer.from(text), { wanted: 'certificates' });
  expect(() => read('-----BEGIN CERTIFICATE-----')).toThrow('is a PEM file; set its type to PEM');
  expect(() => read('nothing')).toThrow('is neither JKS nor PKCS12');
  expect(() => read(Buffer.from('cececece00000002', 'hex'))).toThrow(/JCEKS.* keytool -importkeystore/);
});
