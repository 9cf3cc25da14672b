import { type ConnectRecord, DataError, Decimal, type Struct, type Transform } from '@millrace/api';
import { perSchema } from '../core/per-schema.ts';
import { keyPart, type RecordPart, valuePart } from '../core/record-part.ts';
import { isPlainObject, kindOf } from '../core/require.ts';
import { parseFieldPath } from '../fields/field-path.ts';
import { plainField, structField } from '../fields/read-field.ts';
import type { ContentRouterConfig } from './config.ts';

const legalTopic = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,249}$/;

/** Chooses the topic by the content of a field. */
export function contentRouter(config: ContentRouterConfig): Transform {
  const { field, fieldSource, mapping, topicFormat, defaultTopic } = config;
  const read =
    fieldSource === 'header' ? headerReader(field) : fieldReader(field, fieldSource === 'key' ? keyPart : valuePart);

  function topicFor(record: ConnectRecord): string {
    const { topic } = record;
    const value = textOf(read(record), field, fieldSource);
    const format = value === undefined ? null : (mapping.get(value) ?? topicFormat);
    if (format === null) return defaultTopic === null ? topic : defaultTopic.replaceAll('${topic}', () => topic);
    return format.replace(/\$\{(topic|field)\}/g, (_, name) => (name === 'topic' ? topic : (value as string)));
  }

  return {
    apply(record) {
      const topic = topicFor(record);
      if (topic === record.topic) return record;
      if (!legalTopic.test(topic)) {
        throw new DataError(
          `"${topic.slice(0, 260)}" cannot be a topic: it must have 1 to 249 of the characters a-z, A-Z, 0-9, ".", "_" and "-".`,
          { topic: record.topic, part: fieldSource, path: field },
        );
      }
      return record.with({ topic }) as typeof record;
    },
  };
}

function headerReader(name: string): (record: ConnectRecord) => unknown {
  return ({ headers }) => headers.lastWithName(name)?.value;
}

function fieldReader(text: string, part: RecordPart): (record: ConnectRecord) => unknown {
  const path = parseFieldPath(text, 'V2');
  const getter = perSchema((schema) =>
    schema.type === 'struct' ? (structField(schema, path, true)?.get ?? absent) : absent,
  );
  return (record) => {
    const schema = part.schema(record);
    const value = part.value(record);
    if (value === null) return undefined;
    if (schema !== null) return getter(schema)(value as Struct);
    return isPlainObject(value) ? plainField(value, path) : undefined;
  };
}

function absent(): undefined {}

function textOf(value: unknown, path: string, part: string): string | undefined {
  switch (typeof value) {
    case 'undefined':
      return undefined;
    case 'string':
      return value;
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
      if (value === null) return undefined;
      if (Decimal.isInstance(value)) return value.toPlainString();
      throw new DataError(`The field ${path} decides about the topic and is ${kindOf(value)}.`, { part, path });
  }
}
