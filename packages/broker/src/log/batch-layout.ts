/** Where the fields of a record batch (magic 2) stand, counted from its first byte. */
export const batchField = {
  baseOffset: 0,
  length: 8,
  partitionLeaderEpoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  recordCount: 57,
  records: 61,
} as const;

/** What the `length` field does not count: the base offset and itself. */
export const batchOverhead = 12;

export const batchAttribute = { compression: 0x07, logAppendTime: 0x08, transactional: 0x10, control: 0x20 } as const;
