import { describeService } from '@millrace/services';
import { afterAll } from 'vitest';
import { kafkaContract } from './contract/contract.ts';
import { crashContract } from './contract/crash.ts';
import { javaContract } from './contract/java.ts';

describeService('kafka', (kafka) => {
  const target = { name: 'Apache Kafka', bootstrap: () => kafka.address };
  kafkaContract(target);
  javaContract(target, () => kafka.env.KAFKA_CLASSPATH);
  crashContract(target, async () => {
    await kafka.kill9();
    await kafka.restart();
  });
  afterAll(() => kafka.stop());
});
