import { type Broker, startBroker } from '@millrace/broker';
import { afterAll, beforeAll } from 'vitest';
import { kafkaContract } from './contract/contract.ts';

let broker: Broker;
beforeAll(async () => {
  broker = await startBroker();
});
afterAll(() => broker.close());

kafkaContract({ name: 'the embedded broker', bootstrap: () => broker.bootstrap });
