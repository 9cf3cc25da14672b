import { MillraceError } from '@millrace/api';

/** One entry of Java's map; Kafka Connect writes `null` for an offset that was forgotten. */
export interface JavaMapEntry {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

const streamHeader = [0xac, 0xed, 0x00, 0x05];
const tag = { null: 0x70, reference: 0x71, class: 0x72, object: 0x73, array: 0x75, block: 0x77, endOfBlock: 0x78 };
const firstHandle = 0x7e0000;

/** As every JVM since 1.2 describes them: names, serial version ids, flags and fields are part of the format. */
const hashMapClass = describeClass('java.util.HashMap', 0x0507dac1c31660d1n, 0x03, ['FloadFactor', 'Ithreshold']);
const bytesClass = describeClass('[B', 0xacf317f8060854e0n, 0x02, []);
const loadFactor = [0x3f, 0x40, 0, 0];
const bytesClassHandle = firstHandle + 2;
const bytesClassReference = Buffer.from([tag.reference, ...int32(bytesClassHandle)]);

/** What `ObjectOutputStream.writeObject(HashMap<byte[], byte[]>)` writes for these entries. */
export function encodeJavaMap(entries: readonly JavaMapEntry[]): Buffer {
  const capacity = tableSize(entries.length);
  const threshold = entries.length === 0 ? 0 : capacity * 0.75;
  const head = Buffer.from([...streamHeader, tag.object, ...hashMapClass, ...loadFactor, ...int32(threshold)]);
  const sizes = Buffer.from([tag.block, 8, ...int32(capacity), ...int32(entries.length)]);
  const output = Buffer.allocUnsafe(head.length + sizes.length + entries.reduce(addSize, bytesClass.length + 1));
  let end = sizes.copy(output, head.copy(output)) + head.length;
  let classBytes = bytesClass;
  const writeArray = (bytes: Buffer | null): void => {
    if (bytes === null) {
      end = output.writeUInt8(tag.null, end);
      return;
    }
    end = output.writeUInt8(tag.array, end);
    end += classBytes.copy(output, end);
    end = output.writeInt32BE(bytes.length, end);
    end += bytes.copy(output, end);
    classBytes = bytesClassReference;
  };
  for (const { key, value } of entries) {
    writeArray(key);
    writeArray(value);
  }
  end = output.writeUInt8(tag.endOfBlock, end);
  return output.subarray(0, end);
}

/** Reads what {@link encodeJavaMap} and Java write. @throws MillraceError that says where the bytes are something else. */
export function decodeJavaMap(bytes: Buffer): readonly JavaMapEntry[] {
  return new MapReader(bytes).read();
}

class MapReader {
  readonly #bytes: Buffer;
  /** What a later place may refer to: arrays, and `undefined` for the rest. */
  readonly #handles: (Buffer | undefined)[] = [];
  #position = 0;
  #bytesClassRead = false;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  read(): readonly JavaMapEntry[] {
    this.#expect(Buffer.from(streamHeader), 'the header of a Java object stream');
    this.#expect(Buffer.from([tag.object]), 'an object');
    this.#expect(hashMapClass, 'a java.util.HashMap');
    this.#handles.push(undefined, undefined);
    this.#take(8, 'the fields of the map');
    this.#expect(Buffer.from([tag.block, 8]), 'the size of the map');
    const size = this.#take(8, 'the size of the map').readInt32BE(4);
    if (size < 0 || size > this.#bytes.length) throw this.#problem('a size that the file can hold');
    const entries = Array.from({ length: size }, () => ({ key: this.#array(), value: this.#array() }));
    this.#expect(Buffer.from([tag.endOfBlock]), 'the end of the map');
    if (this.#position < this.#bytes.length) throw this.#problem('the end of the file');
    return entries;
  }

  #array(): Buffer | null {
    const kind = this.#take(1, 'an array of bytes')[0];
    if (kind === tag.null) return null;
    if (kind === tag.reference) {
      const earlier = this.#handles[this.#take(4, 'a reference').readInt32BE() - firstHandle];
      if (earlier === undefined) throw this.#problem('a reference to an array of bytes');
      return earlier;
    }
    if (kind !== tag.array) throw this.#problem('an array of bytes');
    this.#expect(this.#bytesClassRead ? bytesClassReference : bytesClass, 'an array of bytes');
    if (!this.#bytesClassRead) this.#handles.push(undefined);
    this.#bytesClassRead = true;
    const length = this.#take(4, 'the length of an array').readInt32BE();
    if (length < 0) throw this.#problem('the length of an array');
    const array = this.#take(length, `${length} bytes`);
    this.#handles.push(array);
    return array;
  }

  #take(length: number, what: string): Buffer {
    const end = this.#position + length;
    if (end > this.#bytes.length) throw this.#problem(what);
    const taken = this.#bytes.subarray(this.#position, end);
    this.#position = end;
    return taken;
  }

  #expect(expected: Buffer, what: string): void {
    if (!this.#take(expected.length, what).equals(expected)) throw this.#problem(what);
  }

  #problem(expected: string): MillraceError {
    return new MillraceError(`${expected} was expected near byte ${this.#position} of ${this.#bytes.length}`);
  }
}

function describeClass(name: string, serialVersion: bigint, flags: number, fields: readonly string[]): Buffer {
  const version = Buffer.alloc(8);
  version.writeBigUInt64BE(serialVersion);
  const described = fields.flatMap((field) => [field.charCodeAt(0), ...text(field.slice(1))]);
  return Buffer.from([
    tag.class,
    ...text(name),
    ...version,
    flags,
    ...int16(fields.length),
    ...described,
    tag.endOfBlock,
    tag.null,
  ]);
}

function text(ascii: string): readonly number[] {
  return [...int16(ascii.length), ...Buffer.from(ascii)];
}

function int16(value: number): readonly number[] {
  return [(value >> 8) & 0xff, value & 0xff];
}

function int32(value: number): readonly number[] {
  return [...int16(value >>> 16), ...int16(value)];
}

/** At most: the first array has the description of its class in place of a reference. */
function addSize(sum: number, { key, value }: JavaMapEntry): number {
  return sum + 20 + (key?.length ?? 0) + (value?.length ?? 0);
}

/** Of a `HashMap` that grew while so many entries were put into it. */
function tableSize(entries: number): number {
  let capacity = 16;
  while (entries > capacity * 0.75) capacity *= 2;
  return capacity;
}
