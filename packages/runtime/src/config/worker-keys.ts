import { type ConfigKey, type ConfigOf, string } from '@millrace/api';
import { type CommonWorkerKeys, commonWorkerKeys } from './worker-common-keys.ts';
import { type DistributedOnlyKeys, distributedOnlyKeys } from './worker-distributed-keys.ts';
import { type RestWorkerKeys, restWorkerKeys } from './worker-rest-keys.ts';

export type StandaloneWorkerKeys = CommonWorkerKeys &
  RestWorkerKeys & { readonly offsetStorageFileFilename: ConfigKey<string> };
export type DistributedWorkerKeys = CommonWorkerKeys & RestWorkerKeys & DistributedOnlyKeys;

export type StandaloneWorkerConfig = ConfigOf<StandaloneWorkerKeys>;
export type DistributedWorkerConfig = ConfigOf<DistributedWorkerKeys>;

/** All keys of a worker that stands alone. */
export const standaloneWorkerKeys: StandaloneWorkerKeys = {
  ...commonWorkerKeys,
  ...restWorkerKeys,
  offsetStorageFileFilename: string('offset.storage.file.filename', {
    doc: 'File that holds the offsets of sources, in the format of Kafka Connect.',
    importance: 'high',
  }),
};

/** All keys of a worker that belongs to a cluster. */
export const distributedWorkerKeys: DistributedWorkerKeys = {
  ...commonWorkerKeys,
  ...restWorkerKeys,
  ...distributedOnlyKeys,
};
