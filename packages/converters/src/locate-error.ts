import { DataError } from '@millrace/api';

/** What errors call the converted part: `key`, `value`, or `header NAME`; a function is asked when there is an error. */
export type PartName = string | (() => string);

/**
 * The error of a value that could not be converted, with its place in front: topic, key, value or header, and field
 * path. An error that is no DataError is a defect and comes back as it is.
 */
export function locateError(error: unknown, topic: string, partName: PartName): unknown {
  if (!DataError.isInstance(error) || error.topic !== undefined) return error;
  const { message, path, code, cause } = error;
  const part = typeof partName === 'string' ? partName : partName();
  return new DataError(`Topic ${topic}, ${part}: ${message}`, {
    code,
    topic,
    part,
    ...(path !== undefined && { path }),
    ...(cause !== undefined && { cause }),
  });
}
