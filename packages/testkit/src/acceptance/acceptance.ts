import type { AnySink, AnySource } from './any-connector.ts';
import type { Check } from './check.ts';
import { type SinkDriver, sinkChecks } from './sink-checks.ts';
import { type SourceDriver, sourceChecks } from './source-checks.ts';

/**
 * The checks that every connector has to pass, whatever it connects to. Works with any test runner:
 *
 * ```ts
 * test.each(acceptance(fileSource, driver))('$name', ({ run }) => run());
 * ```
 *
 * Each check starts from nothing: it asks the driver for a place of its own, and takes it down.
 */
export function acceptance(connector: AnySource, driver: SourceDriver): readonly Check[];
export function acceptance(connector: AnySink, driver: SinkDriver): readonly Check[];
export function acceptance(connector: AnySource | AnySink, driver: SourceDriver | SinkDriver): readonly Check[] {
  return connector.kind === 'source'
    ? sourceChecks(connector, driver as SourceDriver)
    : sinkChecks(connector, driver as SinkDriver);
}
