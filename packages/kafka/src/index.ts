export {
  createAdmin,
  createConsumer,
  createGroupMember,
  createProducer,
  createReader,
  type GroupMemberClientOptions,
  type KafkaClientOptions,
} from './connect-kafka.ts';
export { AbortableError, FencedError, KafkaError, type KafkaErrorOptions } from './errors.ts';
export type {
  Admin,
  CommittedOffset,
  ConfigChange,
  ConfigEntry,
  ConfigResource,
  Delivery,
  DeliveryTarget,
  FetchedRecords,
  Generation,
  GroupCallbacks,
  GroupConsumer,
  GroupDescription,
  GroupMember,
  GroupMemberInfo,
  GroupMetadata,
  GroupProtocol,
  NewTopic,
  OffsetTime,
  Outcomes,
  PartitionAppender,
  PartitionReader,
  Producer,
  ProducerRecord,
  ReaderPartition,
  RebalanceListener,
  RecordMetadata,
  Subscription,
  TopicDescription,
  TopicPartition,
  TopicPartitionOffset,
} from './port.ts';
export type { KafkaLog } from './settings/log.ts';
export type { AssignorName, IsolationLevel } from './settings/read-settings.ts';
export type { RawSettings } from './settings/setting-reader.ts';
export { readTlsSettings, type TlsSettings } from './settings/tls.ts';
