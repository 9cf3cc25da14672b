import { readInt16, readInt32, writeInt16, writeInt32 } from '../primitives/integers.ts';
import { ProtocolError } from '../protocol-error.ts';
import type { RecordBatchReader } from './record-batch-reader.ts';
import { RecordBatchWriter } from './record-batch-writer.ts';

/** `other`: markers of the cluster's own log, which consumers pass over. */
export type ControlRecordType = 'abort' | 'commit' | 'other';

export interface TransactionMarker {
  readonly type: 'abort' | 'commit';
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly coordinatorEpoch: number;
  readonly timestamp: number;
  readonly baseOffset?: number;
  readonly partitionLeaderEpoch?: number;
}

/** The type of the current record of a control batch. */
export function readControlType(reader: RecordBatchReader): ControlRecordType {
  if (reader.keyStart < 0 || reader.keyEnd - reader.keyStart < 4) {
    throw new ProtocolError('MALFORMED', `the control record at offset ${reader.offset} has no type`);
  }
  const type = readInt16(reader.buffer, reader.keyStart + 2);
  return type === 0 ? 'abort' : type === 1 ? 'commit' : 'other';
}

/** The epoch of the coordinator that ended the transaction, from the current record of a control batch. */
export function readCoordinatorEpoch(reader: RecordBatchReader): number {
  if (reader.valueStart < 0 || reader.valueEnd - reader.valueStart < 6) {
    throw new ProtocolError('MALFORMED', `the control record at offset ${reader.offset} has no coordinator epoch`);
  }
  return readInt32(reader.buffer, reader.valueStart + 2);
}

/** The control batch that a broker appends at the end of a transaction. */
export function encodeControlBatch(marker: TransactionMarker): Buffer {
  const key = Buffer.alloc(4);
  writeInt16(key, 2, marker.type === 'commit' ? 1 : 0);
  const value = Buffer.alloc(6);
  writeInt32(value, 2, marker.coordinatorEpoch);
  const writer = new RecordBatchWriter();
  writer.begin(Buffer.allocUnsafeSlow(128));
  writer.append(marker.timestamp, key, value);
  return writer.finish({
    producer: { producerId: marker.producerId, producerEpoch: marker.producerEpoch, baseSequence: -1 },
    transactional: true,
    control: true,
    ...(marker.baseOffset === undefined ? {} : { baseOffset: marker.baseOffset }),
    ...(marker.partitionLeaderEpoch === undefined ? {} : { partitionLeaderEpoch: marker.partitionLeaderEpoch }),
  });
}
