// Our worker has no command yet: this is what its process is made of.
export { createKafkaOffsetStore } from '../../../../packages/runtime/src/offsets/kafka-offset-store.ts';
export { createWorker } from '../../../../packages/runtime/src/worker/worker.ts';
export const filePlugins: string = import.meta.resolve('../../../../connectors/file/src/plugin.ts');
