import { type ConfigKey, list, long, oneOf, type PrefixedKeys, prefixed, string } from '@millrace/api';
import { type CommonConnectorKeys, commonConnectorKeys } from './common-connector-keys.ts';
import { type DeadLetterKeys, deadLetterKeys } from './dead-letter-keys.ts';

export type SourceConnectorKeys = CommonConnectorKeys &
  DeadLetterKeys & {
    readonly topicCreationGroups: ConfigKey<readonly string[]>;
    /** `default.partitions` and so on, read where topics are created. */
    readonly topicCreation: PrefixedKeys;
    readonly exactlyOnceSupport: ConfigKey<'requested' | 'required'>;
    readonly transactionBoundary: ConfigKey<'poll' | 'interval' | 'connector'>;
    /** `null`: as `offset.flush.interval.ms` of the worker. */
    readonly transactionBoundaryIntervalMs: ConfigKey<number | null>;
    /** `null`: the worker's own. */
    readonly offsetsStorageTopic: ConfigKey<string | null>;
  };

/** The keys of every source connector. */
export const sourceConnectorKeys: SourceConnectorKeys = {
  ...commonConnectorKeys,
  topicCreationGroups: list('topic.creation.groups', {
    doc: 'Groups of configurations for topics created by source connectors',
    default: [],
    validate: (groups) => (new Set(groups).size < groups.length ? 'Duplicate alias provided.' : undefined),
    importance: 'low',
    group: 'Topic Creation',
    width: 'long',
    displayName: 'Topic Creation Groups',
  }),
  exactlyOnceSupport: oneOf('exactly.once.support', ['required', 'requested'], {
    doc: 'Permitted values are requested, required. If set to "required", forces a preflight check for the connector to ensure that it can provide exactly-once semantics with the given configuration. Some connectors may be capable of providing exactly-once semantics but not signal to Connect that they support this; in that case, documentation for the connector should be consulted carefully before creating it, and the value for this property should be set to "requested". Additionally, if the value is set to "required" but the worker that performs preflight validation does not have exactly-once support enabled for source connectors, requests to create or validate the connector will fail.',
    default: 'requested',
    ignoreCase: true,
    group: 'Exactly Once Support',
    order: 2,
    width: 'short',
    displayName: 'Exactly once support',
  }),
  transactionBoundary: oneOf('transaction.boundary', ['interval', 'poll', 'connector'], {
    doc: "Permitted values are: poll, interval, connector. If set to 'poll', a new producer transaction will be started and committed for every batch of records that each task from this connector provides to Connect. If set to 'connector', relies on connector-defined transaction boundaries; note that not all connectors are capable of defining their own transaction boundaries, and in that case, attempts to instantiate a connector with this value will fail. Finally, if set to 'interval', commits transactions only after a user-defined time interval has passed.",
    default: 'poll',
    ignoreCase: true,
    group: 'Exactly Once Support',
    order: 3,
    width: 'short',
    displayName: 'Transaction Boundary',
  }),
  transactionBoundaryIntervalMs: long('transaction.boundary.interval.ms', {
    doc: "If 'transaction.boundary' is set to 'interval', determines the interval for producer transaction commits by connector tasks. If unset, defaults to the value of the worker-level 'offset.flush.interval.ms' property. It has no effect if a different transaction.boundary is specified.",
    default: null,
    min: 0,
    importance: 'low',
    group: 'Exactly Once Support',
    order: 4,
    width: 'short',
    displayName: 'Transaction boundary interval',
  }),
  offsetsStorageTopic: string('offsets.storage.topic', {
    doc: "The name of a separate offsets topic to use for this connector. If empty or not specified, the worker’s global offsets topic name will be used. If specified, the offsets topic will be created if it does not already exist on the Kafka cluster targeted by this connector (which may be different from the one used for the worker's global offsets topic if the bootstrap.servers property of the connector's producer has been overridden from the worker's). Only applicable in distributed mode; in standalone mode, setting this property will have no effect.",
    default: null,
    nonEmpty: true,
    importance: 'low',
    group: 'offsets.topic',
    width: 'long',
    displayName: 'Offsets topic',
  }),
  topicCreation: prefixed('topic.creation.', {
    doc: 'Which topics are created and how: `topic.creation.<group>.partitions`, `.replication.factor`, `.include`, `.exclude` and any setting of a topic.',
  }),
  ...deadLetterKeys,
};
