import { describeService } from '@millrace/services';
import { afterAll, afterEach, expect, test } from 'vitest';
import { createConsumer, type FetchedRecords } from '../src/index.ts';
import { append, Clients, readAll, Tally, uniqueName } from './contract/target.ts';

const security = 'org.apache.kafka.common.security';
const sessionMs = 3_000;
const token = `${security}.oauthbearer.OAuthBearerLoginModule required`;
const mechanisms = ['plain', 'scram-sha-256', 'oauthbearer'];

/** Sessions of a few seconds, and tokens that nobody has signed. */
const broker = {
  'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER',
  ...Object.fromEntries(
    ['saslplain', 'saslssl'].map((listener) => [
      `listener.name.${listener}.oauthbearer.sasl.jaas.config`,
      `${token} unsecuredLoginStringClaim_sub="broker";`,
    ]),
  ),
  ...Object.fromEntries(
    mechanisms.map((mechanism) => [
      `listener.name.saslplain.${mechanism}.connections.max.reauth.ms`,
      String(sessionMs),
    ]),
  ),
};

describeService(
  'kafka-secure',
  (kafka) => {
    const clients = new Clients({ name: 'kafka-secure', bootstrap: () => kafka.env.KAFKA_SASL_PLAINTEXT_BOOTSTRAP });
    afterEach(() => clients.close());
    afterAll(() => kafka.stop());

    const login = (mechanism: string): Record<string, string> => {
      const { KAFKA_USERNAME, KAFKA_PASSWORD } = kafka.env;
      const kind = mechanism === 'PLAIN' ? 'plain.Plain' : 'scram.Scram';
      const password = `${security}.${kind}LoginModule required username="${KAFKA_USERNAME}" password="${KAFKA_PASSWORD}";`;
      return {
        'security.protocol': 'SASL_PLAINTEXT',
        'sasl.mechanism': mechanism,
        'sasl.jaas.config': mechanism === 'OAUTHBEARER' ? `${token} unsecuredLoginStringClaim_sub="alice";` : password,
      };
    };

    test('OAUTHBEARER: a token opens the door, one that has expired does not', async () => {
      const settings = login('OAUTHBEARER');
      const topic = uniqueName('token');
      await clients.admin(settings).createTopics([{ name: topic, partitions: 1, replicationFactor: 1 }]);
      await clients.producer(settings).send({ topic, value: Buffer.from('v') });
      expect((await readAll(clients.reader(settings), topic)).map(({ value }) => value)).toEqual(['v']);
      const expired = `${token} unsecuredLoginStringClaim_sub="alice" unsecuredLoginLifetimeSeconds="-10";`;
      await expect(clients.admin({ ...settings, 'sasl.jaas.config': expired }).listTopics()).rejects.toMatchObject({
        code: 'SASL_AUTHENTICATION_FAILED',
        retriable: false,
      });
    });

    test.each(['PLAIN', 'SCRAM-SHA-256', 'OAUTHBEARER'])(
      '%s: records flow in order over several sessions, and nothing fails',
      async (mechanism) => {
        const topic = uniqueName('sessions');
        const settings = { ...login(mechanism), 'linger.ms': 0, 'enable.idempotence': 'false', retries: 0 };
        const producer = clients.producer(settings);
        const group = { ...settings, 'group.id': topic, 'auto.offset.reset': 'earliest', 'heartbeat.interval.ms': 500 };
        const consumer = clients.keep(createConsumer(clients.options(group)));
        await clients.admin(settings).createTopics([{ name: topic, partitions: 1, replicationFactor: 1 }]);
        await producer.loadTopic(topic);
        const moves: string[] = [];
        await consumer.start(
          { topics: [topic] },
          { assigned: () => void moves.push('assigned'), lost: () => void moves.push('lost') },
        );
        const tally = new Tally();
        const seen: string[] = [];
        const take = (records: FetchedRecords): void => {
          const { record } = records;
          while (records.next()) seen.push(record.buffer.toString('utf8', record.valueStart, record.valueEnd));
        };
        let sent = 0;
        for (const end = Date.now() + 3 * sessionMs; Date.now() < end; ) {
          append(producer, topic, 0, String(sent), tally, sent++);
          for (const records of await consumer.poll(20)) take(records);
          await consumer.commit([{ topic, partition: 0, offset: seen.length }]);
        }
        await producer.flush();
        while (seen.length < sent) for (const records of await consumer.poll(5_000)) take(records);
        const expected = Array.from({ length: sent }, (_, index) => index);
        expect(tally.errors).toEqual([]);
        expect(tally.acknowledgedTokens).toEqual(expected);
        expect(seen).toEqual(expected.map(String));
        expect(moves).toEqual(['assigned']);
      },
    );
  },
  { fresh: true, options: broker },
);
