import { describeService } from '@millrace/services';
import { afterAll, vi } from 'vitest';
import { type Admin, createAdmin } from '../src/index.ts';
import { kafkaContract } from './contract/contract.ts';
import { faultContract, impatient } from './contract/faults.ts';

const coordinatorTopics = ['__consumer_offsets', '__transaction_state'];

describeService(
  'kafka3',
  (kafka) => {
    afterAll(() => kafka.stop());
    const target = { name: 'three nodes of Apache Kafka', bootstrap: () => kafka.address };
    kafkaContract(target);

    /** Throws unless all replicas follow their leaders: only then may a node go. */
    const checkInSync = async (admin: Admin): Promise<void> => {
      const topics = await admin.describeTopics(await admin.listTopics());
      const lagging = [...topics.values()].filter(({ partitions }) =>
        partitions.some(({ replicas, inSync }) => inSync.length < replicas.length),
      );
      if (lagging.length > 0) throw new Error(`Replicas lag behind: ${lagging.map(({ name }) => name).join(', ')}`);
    };
    const coordinates = async (admin: Admin, topic: string): Promise<string> => {
      const found = (await admin.describeTopics([topic])).get(topic)?.partitions[0];
      return `node${found?.leader}`;
    };
    faultContract(
      target,
      {
        'kill -9 of whoever coordinates groups, then of whoever coordinates transactions': async (goesOn) => {
          const admin = createAdmin({ settings: { 'bootstrap.servers': kafka.address, 'request.timeout.ms': 3_000 } });
          let killed: string | undefined;
          try {
            for (const topic of coordinatorTopics) {
              if (killed !== undefined) await kafka.restart(killed);
              await vi.waitFor(() => checkInSync(admin), { timeout: 60_000, interval: 200 });
              killed = await coordinates(admin, topic);
              await kafka.kill9(killed);
              await goesOn();
            }
          } finally {
            await admin.close();
          }
        },
      },
      // Coordinators and leaders move within a session: nobody loses his place.
      { settings: { ...impatient, 'session.timeout.ms': 30_000 }, patienceMs: 60_000 },
    );
  },
  {
    options: {
      // One coordinator for all groups, and one for all transactions.
      'offsets.topic.num.partitions': '1',
      'transaction.state.log.num.partitions': '1',
      'broker.session.timeout.ms': '3000',
      'broker.heartbeat.interval.ms': '500',
    },
  },
);
