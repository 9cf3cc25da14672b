/**
 * The newest version that is asked for, where that is older than what the codec speaks: above it topics are named by
 * id, requests are batched for brokers only, or the version is of no use to a client.
 */
export const newestVersion: Readonly<Record<string, number>> = {
  Produce: 12,
  Fetch: 12,
  Metadata: 12,
  OffsetCommit: 9,
  OffsetFetch: 7,
  FindCoordinator: 3,
  AddPartitionsToTxn: 3,
  DeleteTopics: 5,
  ListOffsets: 8,
};
