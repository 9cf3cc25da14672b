import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Field, Fields, FieldType } from '../src/index.ts';

/** What the program in vectors-generator/ recorded from Java's kafka-clients 4.3.1. */
export function readVectors<Content>(name: string): Content {
  return JSON.parse(readFileSync(fileURLToPath(import.meta.resolve(`./vectors/${name}.json`)), 'utf8'));
}

type Values = Record<string, unknown>;

/** Turns the JSON that Java prints into the values that our codecs take: bytes are base64 there, and records are left out. */
export function fromJava(layout: Fields, json: Values, records: Buffer): Values {
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => {
      const field = layout[name];
      if (field === undefined) throw new Error(`no field ${name} in the layout`);
      return [name, convert(typeOf(field), value, records)];
    }),
  );
}

function convert(type: FieldType, value: unknown, records: Buffer): unknown {
  if (value === null) return null;
  if (typeof type !== 'string') {
    if ('struct' in type) return fromJava(type.struct, value as Values, records);
    return (value as Values[]).map((item) => fromJava(type.array, item, records));
  }
  if (type.startsWith('bytes')) return Buffer.from(value as string, 'base64');
  if (type.startsWith('records')) return records;
  return type.startsWith('bigint64') ? BigInt(value as number) : value;
}

function typeOf(field: Field): FieldType {
  return (Array.isArray(field) ? field[0] : field) as FieldType;
}
