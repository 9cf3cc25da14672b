export { acceptance } from './acceptance/acceptance.ts';
export type { Check, InvalidConfig } from './acceptance/check.ts';
export type { SinkDriver, SinkPlace } from './acceptance/sink-checks.ts';
export type { SourceDriver, SourcePlace } from './acceptance/source-checks.ts';
export {
  type Asked,
  createSinkContext,
  createSourceContext,
  type SinkContextOptions,
  type StoredOffset,
  type TestContext,
} from './contexts/test-contexts.ts';
export { createTestLog, type LogLine, type TestLog } from './contexts/test-log.ts';
export { withFaults } from './faults/with-faults.ts';
export { checkFiles } from './numbers/check-files.ts';
export { type CheckTopicOptions, checkTopic } from './numbers/check-topic.ts';
export { NumberCheck, type SourceNumbers } from './numbers/number-check.ts';
export { type NumberRange, NumberSet } from './numbers/number-set.ts';
export { numberedSinkRecords, numberedSourceRecords, sinkRecord, sourceRecord } from './records/records.ts';
export { verifiableFile } from './verifiable/verifiable-sink-task.ts';
export type { ConsumeOptions, ReceivedRecord, TestRecord } from './worker/test-topics.ts';
export { createTestWorker, type TestWorker, type TestWorkerOptions, type WaitOptions } from './worker/test-worker.ts';
