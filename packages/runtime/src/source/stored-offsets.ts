import { DataError, type OffsetFields, type OffsetMap, type OffsetValue, type SourceOffsets } from '@millrace/api';
import type { TaskServices } from '../task/task-runner.ts';
import type { SourcePartitions } from './source-partitions.ts';

export interface StoredOffsetsOptions {
  /** What the definition declares of an offset. */
  readonly fields: OffsetFields;
  readonly services: Pick<TaskServices, 'readOffsets'>;
  readonly partitions: SourcePartitions;
}

/** The stored offsets of a source, with the types that its definition declares, whoever wrote them. */
export function storedOffsets({
  fields,
  services,
  partitions,
}: StoredOffsetsOptions): SourceOffsets<OffsetMap, OffsetMap> {
  const getAll = async (wanted: readonly OffsetMap[]): Promise<readonly (OffsetMap | undefined)[]> => {
    const found = await services.readOffsets(wanted);
    return wanted.map((partition, index) => {
      const offset = found[index];
      return offset === null || offset === undefined ? undefined : declaredOffset(offset, fields, partition);
    });
  };
  return {
    getAll,
    get: async (partition) => (await getAll([partition]))[0],
    partition: (partition) => partitions.intern(partition),
  };
}

function declaredOffset(stored: OffsetMap, fields: OffsetFields, partition: OffsetMap): OffsetMap {
  const offset: Record<string, OffsetValue> = { ...stored };
  for (const [name, declared] of Object.entries(fields)) {
    const optional = declared.endsWith('?');
    const type = optional ? declared.slice(0, -1) : declared;
    const value = stored[name] ?? null;
    const typed = value === null ? (optional ? null : undefined) : asDeclared(value, type);
    if (typed === undefined) {
      throw new DataError(
        `The stored offset of ${describe(partition)} has ${value === null ? 'no' : `${describe(value)} as`} ${name}, where the connector needs ${type}. Set or reset the offsets of the connector.`,
        { path: name },
      );
    }
    Object.defineProperty(offset, name, { value: typed, writable: true, enumerable: true, configurable: true });
  }
  return offset;
}

/** `undefined` where the value does not fit. */
function asDeclared(value: Exclude<OffsetValue, null>, type: string): OffsetValue | undefined {
  switch (type) {
    case 'int64':
      if (typeof value === 'bigint') return value;
      return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : undefined;
    case 'safeInt': {
      const number = typeof value === 'bigint' ? Number(value) : value;
      return Number.isSafeInteger(number) ? number : undefined;
    }
    case 'float64':
      return typeof value === 'bigint' || typeof value === 'number' ? Number(value) : undefined;
    default:
      return typeof value === type ? value : undefined;
  }
}

function describe(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? `${inner}` : inner));
}
