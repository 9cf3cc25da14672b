import { type ByteWriter, type Converter, DataError, type Schema, type SchemaAndValue } from '@millrace/api';
import { locateError, type PartName } from '../locate-error.ts';
import { LruCache } from '../lru-cache.ts';
import { type Decode, DecoderCompiler } from './compile-decoder.ts';
import { type Encode, EncoderCompiler } from './compile-encoder.ts';
import { findEnvelope, payloadEnd, readEnvelope, skipBlanks } from './envelope.ts';
import type { DecimalFormat, JsonFormat } from './json-options.ts';
import { jsonText } from './json-text.ts';
import { type JsonNode, parseInnerJson, parseJson } from './parse-json.ts';
import { createCursor } from './read-bytes.ts';
import { schemaFromJson } from './schema-from-json.ts';
import { type KnownSchema, SchemaTable } from './schema-table.ts';
import { schemaToJson } from './schema-to-json.ts';
import { schemalessFromBytes, schemalessFromJson, schemalessIfPlain } from './schemaless-from-json.ts';
import { schemalessToJson } from './schemaless-to-json.ts';
import { valueFromJson } from './value-from-json.ts';
import { valueToJson } from './value-to-json.ts';
import { writeBytes, writeText } from './write-bytes.ts';
import { writeSchemaless } from './write-schemaless.ts';

export interface JsonConverterOptions {
  /** Whether every message carries its schema. Left out: yes. */
  readonly schemasEnable?: boolean;
  /** How many schemas of messages are remembered, and how many encoders. Left out: 1000. */
  readonly schemasCacheSize?: number;
  /** How decimals are written. Left out: as base64. */
  readonly decimalFormat?: DecimalFormat;
  /** Whether the default of a field stands in for null. Left out: yes. */
  readonly replaceNullWithDefault?: boolean;
  /** The schema of all messages that are read, as JSON; messages then hold the payload alone. */
  readonly schemaContent?: string | null;
  /** Left out: `value`. */
  readonly part?: PartName;
}

/** From that use on, a schema's own functions are compiled. */
const usesBeforeCompiling = 4;

interface KnownEncoder {
  readonly schema: Schema;
  /** All in front of the payload. */
  readonly prefix: Buffer;
  uses: number;
  encode: Encode | undefined;
}

/** `org.apache.kafka.connect.json.JsonConverter`. */
export function createJsonConverter(options: JsonConverterOptions = {}): Converter {
  return new JsonConverter(options);
}

const noBytes = Buffer.alloc(0);
const withoutSchema = Buffer.from('{"schema":null,"payload":');

class JsonConverter implements Converter {
  readonly #part: PartName;
  readonly #format: JsonFormat;
  readonly #hasEnvelope: boolean;
  readonly #fixed: KnownSchema | undefined;
  readonly #encoders: LruCache<Schema, KnownEncoder>;
  readonly #encoderCompiler: EncoderCompiler;
  readonly #decoderCompiler: DecoderCompiler;
  readonly #schemas: SchemaTable;
  readonly #cursor = createCursor();
  readonly #result: { schema: Schema | null; value: unknown } = { schema: null, value: null };
  #last: KnownEncoder | undefined;

  constructor(options: JsonConverterOptions) {
    const { schemasEnable = true, schemasCacheSize = 1000, schemaContent = null } = options;
    this.#part = options.part ?? 'value';
    this.#hasEnvelope = schemasEnable;
    this.#format = {
      decimalFormat: options.decimalFormat ?? 'BASE64',
      replaceNullWithDefault: options.replaceNullWithDefault ?? true,
    };
    this.#encoders = new LruCache(schemasCacheSize);
    this.#schemas = new SchemaTable(schemasCacheSize);
    this.#encoderCompiler = new EncoderCompiler(this.#format);
    this.#decoderCompiler = new DecoderCompiler(this.#format);
    const fixed =
      schemaContent === null ? null : schemaFromJson(parseJson(schemaContent), this.#format, 'schema.content');
    this.#fixed = fixed === null ? undefined : { schema: fixed, uses: 0, decode: undefined };
  }

  encode(topic: string, schema: Schema | null, value: unknown, writer: ByteWriter): boolean {
    const start = writer.position;
    try {
      if (schema === null) return this.#encodeSchemaless(value, writer);
      const last = this.#last;
      const known = last !== undefined && last.schema === schema ? last : this.#encoderOf(schema);
      if (this.#hasEnvelope) writeBytes(writer, known.prefix);
      if (!this.#encodeCompiled(known, value, writer)) {
        writeText(writer, valueToJson(schema, value, this.#format));
      }
      if (this.#hasEnvelope) closeEnvelope(writer);
      return true;
    } catch (error) {
      writer.position = start;
      throw locateError(error, topic, this.#part);
    }
  }

  decode(topic: string, bytes: Uint8Array | null, start: number, end: number): SchemaAndValue {
    const result = this.#result;
    try {
      result.schema = null;
      result.value = null;
      if (bytes === null) return result;
      if (!this.#hasEnvelope) result.value = schemalessFromBytes(bytes, start, end);
      else if (this.#fixed !== undefined) this.#decodeFixed(this.#fixed, bytes, start, end);
      else this.#decodeEnvelope(bytes, start, end);
      return result;
    } catch (error) {
      throw locateError(error, topic, this.#part);
    }
  }

  #encodeSchemaless(value: unknown, writer: ByteWriter): boolean {
    if (value === null || value === undefined) return false;
    if (this.#hasEnvelope) writeBytes(writer, withoutSchema);
    const start = writer.position;
    if (!writeSchemaless(writer, value)) {
      writer.position = start;
      writeText(writer, schemalessToJson(value));
    }
    if (this.#hasEnvelope) closeEnvelope(writer);
    return true;
  }

  /** `false` when the value is not as expected; the plain encoder says then what is wrong, or writes it after all. */
  #encodeCompiled(known: KnownEncoder, value: unknown, writer: ByteWriter): boolean {
    if (known.encode === undefined) {
      if (++known.uses < usesBeforeCompiling) return false;
      known.encode = this.#encoderCompiler.compile(known.schema);
    }
    const start = writer.position;
    try {
      known.encode(writer, value);
      return true;
    } catch {
      writer.position = start;
      return false;
    }
  }

  #encoderOf(schema: Schema): KnownEncoder {
    let known = this.#encoders.get(schema);
    if (known === undefined) {
      const prefix = this.#hasEnvelope ? `{"schema":${schemaToJson(schema, this.#format)},"payload":` : '';
      known = { schema, prefix: Buffer.from(prefix), uses: 0, encode: undefined };
      this.#encoders.set(schema, known);
    }
    this.#last = known;
    return known;
  }

  #decodeEnvelope(bytes: Uint8Array, start: number, end: number): void {
    const length = this.#schemas.match(bytes, start, end);
    if (length > 0) {
      this.#decodePayload(this.#schemas.latest, bytes, start, end, start + length);
      return;
    }
    const layout = findEnvelope(bytes, start, end);
    if (layout === undefined) {
      this.#decodePlain(bytes, start, end);
      return;
    }
    const { schemaStart, schemaEnd, payloadStart } = layout;
    const known = this.#schemas.lookUp(bytes, schemaStart, schemaEnd, () =>
      schemaFromJson(parseJson(jsonText(bytes, schemaStart, schemaEnd)), this.#format),
    );
    this.#decodePayload(known, bytes, start, end, payloadStart);
    this.#schemas.remember(bytes, start, payloadStart, known);
  }

  #decodePayload(known: KnownSchema, bytes: Uint8Array, start: number, end: number, payloadStart: number): void {
    if (known.schema === null) {
      const behind = payloadEnd(bytes, payloadStart, end);
      const value = behind < 0 ? undefined : schemalessIfPlain(bytes, payloadStart, behind);
      if (value !== undefined) {
        this.#result.value = value;
        return;
      }
    }
    const decode = this.#decoderOf(known);
    if (decode !== undefined) {
      const value = this.#decodeCompiled(decode, bytes, payloadStart, end);
      const { position } = this.#cursor;
      const behind = position < 0 ? end : skipBlanks(bytes, position, end);
      if (behind < end && bytes[behind] === 0x7d) {
        this.#result.schema = known.schema;
        this.#result.value = value;
        return;
      }
    }
    this.#decodeKnown(known, bytes, start, end, payloadStart);
  }

  /** Reads the payload alone, as the schema is known; where anything else follows, the whole message tells why. */
  #decodeKnown(known: KnownSchema, bytes: Uint8Array, start: number, end: number, payloadStart: number): void {
    const payload = tryParsePayload(bytes, payloadStart, end);
    if (payload === undefined) this.#decodePlain(bytes, start, end);
    else this.#take(known.schema, payload);
  }

  #decodePlain(bytes: Uint8Array, start: number, end: number): void {
    const { schema, payload } = readEnvelope(bytes, start, end, this.#format);
    this.#take(schema, payload);
  }

  #decodeFixed(known: KnownSchema, bytes: Uint8Array, start: number, end: number): void {
    const decode = this.#decoderOf(known);
    if (decode !== undefined) {
      const value = this.#decodeCompiled(decode, bytes, start, end);
      const { position } = this.#cursor;
      if (position >= 0 && skipBlanks(bytes, position, end) === end) {
        this.#result.schema = known.schema;
        this.#result.value = value;
        return;
      }
    }
    const payload = parseJson(jsonText(bytes, start, end));
    if (payload === undefined) throw new DataError('Expected a JSON value, found none.');
    this.#take(known.schema, payload);
  }

  #take(schema: Schema | null, payload: JsonNode): void {
    this.#result.value = schema === null ? schemalessFromJson(payload) : valueFromJson(schema, payload, this.#format);
    this.#result.schema = schema;
  }

  #decoderOf(known: KnownSchema): Decode | undefined {
    if (known.decode !== undefined) return known.decode;
    if (known.schema === null || ++known.uses < usesBeforeCompiling) return undefined;
    known.decode = this.#decoderCompiler.compile(known.schema);
    return known.decode;
  }

  #decodeCompiled(decode: Decode, bytes: Uint8Array, start: number, end: number): unknown {
    const cursor = this.#cursor;
    cursor.bytes = bytes;
    cursor.position = start;
    cursor.end = end;
    try {
      return decode(cursor);
    } finally {
      // Whoever waits for the next message keeps neither the batch nor its text.
      cursor.bytes = noBytes;
      cursor.text = undefined;
    }
  }
}

/** The payload, if the envelope is closed behind it; `undefined` for all else. */
function tryParsePayload(bytes: Uint8Array, start: number, end: number): JsonNode | undefined {
  try {
    const text = jsonText(bytes, start, end);
    const { node, end: behind } = parseInnerJson(text);
    return text.charCodeAt(behind) === 0x7d ? node : undefined;
  } catch {
    return undefined;
  }
}

function closeEnvelope(writer: ByteWriter): void {
  writer.reserve(1);
  writer.buffer[writer.position++] = 0x7d;
}
