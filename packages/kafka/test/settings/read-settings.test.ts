import { describe, expect, test } from 'vitest';
import { parseJaas } from '../../src/settings/jaas.ts';
import {
  readConnectionSettings,
  readGroupSettings,
  readProducerSettings,
  readReaderSettings,
} from '../../src/settings/read-settings.ts';

const silent = (): void => undefined;
const base = { 'bootstrap.servers': 'one:9092, [::1]:9093' };

describe('settings', () => {
  test('have Java defaults', () => {
    expect(readProducerSettings(base, silent)).toMatchObject({
      bootstrap: [
        { host: 'one', port: 9092 },
        { host: '::1', port: 9093 },
      ],
      acks: -1,
      idempotent: true,
      batchSize: 16_384,
      lingerMs: 5,
      maxInFlight: 5,
      tls: undefined,
      sasl: undefined,
    });
  });

  test('are not idempotent with acks other than all, unless told so', () => {
    expect(readProducerSettings({ ...base, acks: '1' }, silent).idempotent).toBe(false);
    expect(() => readProducerSettings({ ...base, acks: '1', 'enable.idempotence': 'true' }, silent)).toThrow(
      'acks: must be all',
    );
  });

  test('name every store that cannot be read, without its password', () => {
    const settings = {
      ...base,
      'security.protocol': 'SSL',
      'ssl.keystore.location': '/absent/key.jks',
      'ssl.truststore.location': '/absent/trust.p12',
      'ssl.truststore.password': 'trust-secret',
    };
    const read = (): unknown => readConnectionSettings(settings, silent);
    expect(read).toThrow(/ssl\.keystore\.location: \/absent\/key\.jks .*ssl\.truststore\.location: \/absent\/trust/);
    expect(read).not.toThrow('trust-secret');
  });

  test('take the rack, which has none by default', () => {
    expect(readReaderSettings({ ...base, 'client.rack': 'a' }, silent).rack).toBe('a');
    expect(readReaderSettings(base, silent).rack).toBe('');
  });

  test('take the longest times of Java', () => {
    const settings = { ...base, 'max.block.ms': '9223372036854775807', 'delivery.timeout.ms': 2147483647 };
    expect(readProducerSettings(settings, silent).maxBlockMs).toBe(Number.MAX_SAFE_INTEGER);
  });

  test('name every problem at once', () => {
    const settings = { 'bootstrap.servers': 'nowhere', 'request.timeout.ms': 'soon', 'security.protocol': 'TLS' };
    expect(() => readConnectionSettings(settings, silent)).toThrow(
      /bootstrap\.servers.*security\.protocol.*request\.timeout\.ms/,
    );
  });

  test('warn of what is not known, and refuse what is not supported', () => {
    const warnings: string[] = [];
    readProducerSettings({ ...base, 'linger.mss': '1', 'key.serializer': 'x' }, (level, message) =>
      warnings.push(`${level} ${message}`),
    );
    expect(warnings).toEqual([expect.stringMatching(/^warn .*linger\.mss/)]);
    expect(() => readGroupSettings({ ...base, 'group.id': 'g', 'group.protocol': 'consumer' }, silent)).toThrow(
      'group.protocol: is not supported',
    );
    const kerberos = { ...base, 'security.protocol': 'SASL_SSL' };
    expect(() => readConnectionSettings(kerberos, silent)).toThrow('GSSAPI is not supported');
  });

  test('read who logs in from the JAAS line', () => {
    const jaas =
      'org.apache.kafka.common.security.scram.ScramLoginModule required username="alice" password="a\\"b;=c";';
    const settings = {
      ...base,
      'security.protocol': 'SASL_PLAINTEXT',
      'sasl.mechanism': 'SCRAM-SHA-512',
      'sasl.jaas.config': jaas,
    };
    expect(readConnectionSettings(settings, silent).sasl).toEqual({
      mechanism: 'SCRAM-SHA-512',
      username: 'alice',
      password: 'a"b;=c',
    });
    expect(() => readConnectionSettings({ ...settings, 'sasl.mechanism': 'PLAIN' }, silent)).toThrow(
      'needs PlainLoginModule',
    );
  });

  test('never show a password in an error', () => {
    expect(() => parseJaas('Module required username="alice" password="secret"')).toThrow(
      /^a JAAS configuration ends with a semicolon$/,
    );
    expect(() => parseJaas('Module required username="alice" "secret";')).toThrow(/^option 2 of Module/);
  });

  test('translate assignors by class', () => {
    const strategy = 'org.apache.kafka.clients.consumer.CooperativeStickyAssignor';
    const settings = { ...base, 'group.id': 'g', 'partition.assignment.strategy': strategy };
    expect(readGroupSettings(settings, silent).assignors).toEqual(['cooperative-sticky']);
  });
});
