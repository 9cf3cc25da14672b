import { type ConnectRecord, DataError, MillraceError, type Transform } from '@millrace/api';
import type { RecordPart } from './record-part.ts';

/**
 * The same transform; what it throws about a record also says which topic and which part of the record it is about.
 *
 * What is no error of this family, such as a TypeError over a value that does not fit its schema, counts as the record's
 * fault, as every exception of a transform does in Java.
 */
export function located(transform: Transform, part: RecordPart): Transform {
  return {
    apply(record, context) {
      try {
        return transform.apply(record, context);
      } catch (error) {
        throw withLocation(error, record, part);
      }
    },
    ...(transform.prepare !== undefined && { prepare: (records) => transform.prepare?.(records) }),
    ...(transform.close !== undefined && { close: () => transform.close?.() }),
  };
}

function withLocation(error: unknown, record: ConnectRecord, part: RecordPart): unknown {
  const location = { topic: record.topic, part: part.name };
  if (!MillraceError.isInstance(error)) {
    const message = error instanceof Error ? error.message : String(error);
    return new DataError(`The ${part.name} of this record cannot be transformed: ${message}`, {
      ...location,
      cause: error,
    });
  }
  if (!DataError.isInstance(error)) return error;
  const { message, code, path, stack } = error;
  const complete = new DataError(message, {
    code,
    topic: error.topic ?? location.topic,
    part: error.part ?? location.part,
    ...(path !== undefined && { path }),
    ...('cause' in error && { cause: error.cause }),
  });
  if (stack !== undefined) complete.stack = stack;
  return complete;
}
