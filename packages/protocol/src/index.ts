export { addOffsetsToTxn } from './apis/add-offsets-to-txn.ts';
export { addPartitionsToTxn } from './apis/add-partitions-to-txn.ts';
export { alterConfigs } from './apis/alter-configs.ts';
export { apiVersions } from './apis/api-versions.ts';
export { apis, findApi } from './apis/apis.ts';
export { createPartitions } from './apis/create-partitions.ts';
export { createTopics } from './apis/create-topics.ts';
export { deleteGroups } from './apis/delete-groups.ts';
export { deleteRecords } from './apis/delete-records.ts';
export { deleteTopics } from './apis/delete-topics.ts';
export { describeCluster } from './apis/describe-cluster.ts';
export { describeConfigs } from './apis/describe-configs.ts';
export { describeGroups } from './apis/describe-groups.ts';
export { describeProducers } from './apis/describe-producers.ts';
export { describeTransactions } from './apis/describe-transactions.ts';
export { endTxn } from './apis/end-txn.ts';
export { fetch } from './apis/fetch.ts';
export { findCoordinator } from './apis/find-coordinator.ts';
export { heartbeat } from './apis/heartbeat.ts';
export { incrementalAlterConfigs } from './apis/incremental-alter-configs.ts';
export { initProducerId } from './apis/init-producer-id.ts';
export { joinGroup } from './apis/join-group.ts';
export { leaveGroup } from './apis/leave-group.ts';
export { listGroups } from './apis/list-groups.ts';
export { listOffsets } from './apis/list-offsets.ts';
export { listTransactions } from './apis/list-transactions.ts';
export { metadata } from './apis/metadata.ts';
export { offsetCommit } from './apis/offset-commit.ts';
export { offsetDelete } from './apis/offset-delete.ts';
export { offsetFetch } from './apis/offset-fetch.ts';
export { offsetForLeaderEpoch } from './apis/offset-for-leader-epoch.ts';
export { produce } from './apis/produce.ts';
export { saslAuthenticate } from './apis/sasl-authenticate.ts';
export { saslHandshake } from './apis/sasl-handshake.ts';
export { syncGroup } from './apis/sync-group.ts';
export { txnOffsetCommit } from './apis/txn-offset-commit.ts';
export { writeTxnMarkers } from './apis/write-txn-markers.ts';
export { crc32c } from './checksums/crc32c.ts';
export { type CompressionCodec, compress, compressionIds, decompress } from './compression/compression.ts';
export { describeErrorCode, type ErrorName, errorCode, type KafkaErrorKind } from './error-codes.ts';
export { FrameSplitter, type FrameSplitterOptions } from './frames/frame-splitter.ts';
export { PendingRequests } from './frames/pending-requests.ts';
export {
  decodeRequestHeader,
  encodeRequest,
  encodeRequestPayload,
  type ReceivedRequest,
  type RequestHeader,
} from './frames/request-frame.ts';
export {
  decodeResponse,
  decodeResponsePayload,
  encodeResponse,
  readCorrelationId,
} from './frames/response-frame.ts';
export {
  type ConsumerAssignment,
  type ConsumerSubscription,
  decodeConsumerAssignment,
  decodeConsumerSubscription,
  encodeConsumerAssignment,
  encodeConsumerSubscription,
} from './groups/consumer-protocol.ts';
export {
  type AnyApi,
  type Api,
  api,
  type Request,
  type RequestInput,
  type Response,
  type ResponseInput,
} from './messages/api.ts';
export type { ApiLayout, Field, FieldOptions, Fields, FieldType } from './messages/layout.ts';
export { createMessageCodec, type MessageCodec, type MessageCodecOptions } from './messages/message-codec.ts';
export type { Decoded, Encodable } from './messages/message-types.ts';
export { murmur2, partitionForKey } from './partitioning/murmur2.ts';
export { ByteReader } from './primitives/byte-reader.ts';
export { MessageWriter } from './primitives/message-writer.ts';
export { ProtocolError, type ProtocolErrorCode } from './protocol-error.ts';
export { type AbortedTransaction, AbortedTransactions } from './records/aborted-transactions.ts';
export {
  batchAttribute,
  batchBaseOffset,
  batchField,
  batchLastOffset,
  batchOverhead,
  batchProducerState,
  batchSize,
  nextSequence,
  type ProducerState,
  setBatchBaseOffset,
  setBatchLogAppendTime,
  setBatchProducerState,
} from './records/batch-header.ts';
export {
  type ControlRecordType,
  encodeControlBatch,
  readControlType,
  readCoordinatorEpoch,
  type TransactionMarker,
} from './records/control-records.ts';
export { RecordBatchReader, type RecordBatchReaderOptions, type TimestampType } from './records/record-batch-reader.ts';
export { type RecordBatchOptions, RecordBatchWriter, type RecordHeader } from './records/record-batch-writer.ts';
