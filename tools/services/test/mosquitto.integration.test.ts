import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { describeService } from '../src/index.ts';
import { MqttConnection } from './mqtt-connection.ts';
import { eventually, expectLoopbackOnly, portOf } from './support.ts';

const NOT_AUTHORISED = 5;

describeService('mosquitto', (mosquitto) => {
  afterAll(() => mosquitto.stop());

  test('keeps a saved message over SIGKILL and restart, and serves it through TLS', async () => {
    const { MQTT_URL, MQTTS_URL, MQTT_CA, MQTT_USERNAME, MQTT_PASSWORD } = mosquitto.env;
    const publisher = await MqttConnection.open(MQTT_URL, MQTT_USERNAME, MQTT_PASSWORD);
    expect(publisher.returnCode).toBe(0);
    await publisher.connection.publishRetained('letters', 'retained-a');
    publisher.connection.close();
    // What is not saved yet does not survive.
    const store = join(dirname(MQTT_CA), '..', 'data', 'mosquitto.db');
    await eventually(async () => expect((await readFile(store)).includes('retained-a')).toBe(true));
    await mosquitto.kill9();
    await mosquitto.restart();
    const subscriber = await MqttConnection.open(MQTTS_URL, MQTT_USERNAME, MQTT_PASSWORD, MQTT_CA);
    expect(await subscriber.connection.firstMessage('letters')).toBe('retained-a');
    subscriber.connection.close();
    await expectLoopbackOnly(portOf(mosquitto.address));
  });

  test('refuses a wrong password', async () => {
    const { MQTT_URL, MQTT_USERNAME } = mosquitto.env;
    const { connection, returnCode } = await MqttConnection.open(MQTT_URL, MQTT_USERNAME, 'wrong');
    connection.close();
    expect(returnCode).toBe(NOT_AUTHORISED);
  });
});
