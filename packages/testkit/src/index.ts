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
