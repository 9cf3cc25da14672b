import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Broker, startBroker } from '@millrace/broker';
import { afterAll, beforeAll } from 'vitest';
import { kafkaContract } from './contract/contract.ts';
import { crashContract } from './contract/crash.ts';
import type { ContractTarget } from './contract/target.ts';

let broker: Broker;
let data: string;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'millrace-kafka-'));
  broker = await startBroker({ data });
});
afterAll(async () => {
  await broker.close();
  await rm(data, { recursive: true, force: true });
});

const target: ContractTarget = { name: 'the embedded broker', bootstrap: () => broker.bootstrap };
kafkaContract(target);
crashContract(target, async () => {
  const { port } = broker;
  await broker.close();
  broker = await startBroker({ data, port });
});
