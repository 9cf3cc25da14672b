import { describeService } from '@millrace/services';
import { afterAll } from 'vitest';
import { kafkaContract } from './contract/contract.ts';
import { javaContract } from './contract/java.ts';

describeService('kafka', (kafka) => {
  const target = { name: 'Apache Kafka', bootstrap: () => kafka.address };
  kafkaContract(target);
  javaContract(target, () => kafka.env.KAFKA_CLASSPATH);
  afterAll(() => kafka.stop());
});
