import { boolean, type ConfigKey, short, string } from '@millrace/api';

export type DeadLetterKeys = {
  /** Empty: there is no dead letter queue. */
  readonly errorsDeadletterqueueTopicName: ConfigKey<string>;
  readonly errorsDeadletterqueueTopicReplicationFactor: ConfigKey<number>;
  readonly errorsDeadletterqueueContextHeadersEnable: ConfigKey<boolean>;
};

/** The keys of the dead letter queue; Kafka Connect has them for sinks only. */
export const deadLetterKeys: DeadLetterKeys = {
  errorsDeadletterqueueTopicName: string('errors.deadletterqueue.topic.name', {
    doc: 'The name of the topic to be used as the dead letter queue (DLQ) for messages that result in an error when processed by this sink connector, or its transformations or converters. The topic name is blank by default, which means that no messages are to be recorded in the DLQ.',
    default: '',
    group: 'Error Handling',
    order: 6,
    width: 'medium',
    displayName: 'Dead Letter Queue Topic Name',
  }),
  errorsDeadletterqueueTopicReplicationFactor: short('errors.deadletterqueue.topic.replication.factor', {
    doc: "Replication factor used to create the dead letter queue topic when it doesn't already exist.",
    default: 3,
    group: 'Error Handling',
    order: 7,
    width: 'medium',
    displayName: 'Dead Letter Queue Topic Replication Factor',
  }),
  errorsDeadletterqueueContextHeadersEnable: boolean('errors.deadletterqueue.context.headers.enable', {
    doc: 'If true, add headers containing error context to the messages written to the dead letter queue. To avoid clashing with headers from the original record, all error context header keys, all error context header keys will start with <code>__connect.errors.</code>',
    default: false,
    group: 'Error Handling',
    order: 8,
    width: 'medium',
    displayName: 'Enable Error Context Headers',
  }),
};
