import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { PassThrough } from 'node:stream';
import { DataError, Decimal, RetriableError, Schema, SinkRecord, silentLogger } from '@millrace/api';
import { describe, expect, test } from 'vitest';
import { type FileStreamOutput, streamOutput } from '../src/file-stream-output.ts';
import { fileStreamSink } from '../src/file-stream-sink.ts';
import { FileStreamSinkTask, open } from '../src/file-stream-sink-task.ts';
import { recordsOf, startSink, temporaryPath } from './file-stream-run.ts';

const offsets = [{ topic: 't', partition: 0, offset: 2 }];

test('appends a line for each value, which is in the file when put resolves', async () => {
  const file = temporaryPath('out.txt');
  writeFileSync(file, 'before\n');
  const { task } = await startSink(file);
  await task.put(recordsOf('a', '', 'grün'));
  await task.put([]);
  expect(readFileSync(file, 'utf8')).toBe('before\na\n\ngrün\n');
  expect(await task.preCommit(offsets)).toEqual(offsets);
});

test('several tasks append to one file, whole puts at a time', async () => {
  const file = temporaryPath('out.txt');
  const tasks = [await startSink(file), await startSink(file)];
  await Promise.all(tasks.flatMap(({ task }, index) => task.put(recordsOf(...Array(500).fill(`task ${index}`)))));
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  expect(lines.sort()).toEqual([...Array(500).fill('task 0'), ...Array(500).fill('task 1')]);
});

describe('the text of a value is what Java prints', () => {
  const struct = Schema.struct({
    id: Schema.int64,
    name: Schema.string.asOptional(),
    tags: Schema.array(Schema.string),
  });
  const cases: readonly (readonly [string, Schema | null, unknown, string])[] = [
    ['null', null, null, 'null'],
    ['a number', null, 42, '42'],
    ['an INT64', Schema.int64, 9223372036854775807n, '9223372036854775807'],
    ['a FLOAT64', Schema.float64, 1e7, '1.0E7'],
    ['a FLOAT32', Schema.float32, Math.fround(0.1), '0.1'],
    ['a boolean', Schema.boolean, true, 'true'],
    ['a Decimal', Schema.decimal(2), Decimal.parse('12.50'), '12.50'],
    ['a timestamp', Schema.timestamp, new Date(0), 'Thu Jan 01 00:00:00 UTC 1970'],
    ['an array', Schema.array(Schema.int32), [1, 2], '[1, 2]'],
    ['a map', Schema.map(Schema.string, Schema.int32), new Map([['a', 1]]), '{a=1}'],
    ['an object', null, { a: 1, b: [true, null] }, '{a=1, b=[true, null]}'],
    ['a struct', struct, struct.create({ id: 1n, name: null, tags: ['x', 'y'] }), 'Struct{id=1,tags=[x, y]}'],
    ['half a surrogate pair', Schema.string, 'a\ud800b', 'a?b'],
  ];
  test.each(cases)('%s', async (_, valueSchema, value, text) => {
    const file = temporaryPath('out.txt');
    const { task } = await startSink(file);
    await task.put([new SinkRecord({ topic: 't', partition: 0, offset: 0, value, valueSchema })]);
    expect(readFileSync(file, 'utf8')).toBe(`${text}\n`);
  });
});

describe('a value without a text', () => {
  const bad = new SinkRecord({
    topic: 'raw',
    partition: 0,
    offset: 1,
    value: Buffer.from([1]),
    valueSchema: Schema.bytes,
  });

  test('fails the put, of which nothing is written', async () => {
    const file = temporaryPath('out.txt');
    const { task } = await startSink(file);
    const error = await task.put([...recordsOf('a'), bad]).catch((thrown: unknown) => thrown);
    expect(DataError.isInstance(error) && [error.topic, error.part]).toEqual(['raw', 'value']);
    expect(readFileSync(file, 'utf8')).toBe('');
  });

  test('becomes a dead letter where there is a queue for them', async () => {
    const file = temporaryPath('out.txt');
    const dead: SinkRecord[] = [];
    const reportErrant = async (record: SinkRecord) => void dead.push(record);
    const task = await open({ config: { file }, log: silentLogger, reportErrant });
    await task.put([...recordsOf('a'), bad, ...recordsOf('b')]);
    await task.close();
    expect(readFileSync(file, 'utf8')).toBe('a\nb\n');
    expect(dead).toEqual([bad]);
  });
});

describe('a full disk', () => {
  test('is reported by the system, keeps the lines and their offsets back, and takes no more', async () => {
    const { task, warnings } = await startSink('/dev/full');
    await task.put(recordsOf('a'));
    expect(warnings).toHaveLength(1);
    expect(await task.preCommit(offsets)).toEqual([]);
    const error = await task.put(recordsOf('b')).catch((thrown: unknown) => thrown);
    expect(RetriableError.isInstance(error) && error.message).toBe(
      '/dev/full cannot be written: there is no space left; make room for it.',
    );
  });

  test('that has room again gets each line once, whole and in order', async () => {
    const disk = new SmallDisk(4);
    const { task } = await startSink('', Promise.resolve(disk));
    await task.put(recordsOf('abc', 'def'));
    await expect(task.put(recordsOf('ghi'))).rejects.toThrow('no space left');
    expect(await task.preCommit(offsets)).toEqual([]);
    disk.room = 100;
    await task.put(recordsOf('ghi'));
    expect(disk.content).toBe('abc\ndef\nghi\n');
    expect(await task.preCommit(offsets)).toEqual(offsets);
  });

  test('gets what is left when the task is closed, if there is room by then', async () => {
    const disk = new SmallDisk(0);
    const { task } = await startSink('', Promise.resolve(disk));
    await task.put(recordsOf('abc'));
    disk.room = 100;
    await task.close();
    await task.close();
    expect([disk.content, disk.closed]).toEqual(['abc\n', 1]);
  });
});

describe('a file that cannot be made', () => {
  const start = (file: string) => open({ config: { file }, log: silentLogger, reportErrant: undefined });

  test('is an error when the task starts: no directory', async () => {
    const file = `${temporaryPath('no')}/such/out.txt`;
    await expect(start(file)).rejects.toThrow(
      `Couldn't find or create file '${file}' for FileStreamSinkTask: its directory is not there`,
    );
    expect(existsSync(dirname(file))).toBe(false);
  });

  test('is an error when the task starts: a directory', async () => {
    const file = temporaryPath('directory');
    mkdirSync(file);
    await expect(start(file)).rejects.toThrow('it is a directory');
  });
});

test('another fault of the disk fails the put', async () => {
  const disk = new SmallDisk(0, 'EIO');
  const { task } = await startSink('', Promise.resolve(disk));
  const error = await task.put(recordsOf('a')).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'CANNOT_WRITE', message: 'the disk cannot be written: EIO.' });
  disk.room = 10;
});

test('a stream gets the lines, and stays open', async () => {
  const stream = new PassThrough();
  const task = new FileStreamSinkTask(streamOutput(stream, 'standard output'), {
    config: { file: null },
    log: silentLogger,
    reportErrant: undefined,
  });
  await task.put(recordsOf('a', 'b'));
  await task.close();
  expect(String(stream.read())).toBe('a\nb\n');
  expect(stream.writableEnded || stream.destroyed).toBe(false);
});

test('has as many tasks as the user wants', () => {
  expect(fileStreamSink.tasks).toBeUndefined();
});

/** What a disk does that fills up in the middle of a write. */
class SmallDisk implements FileStreamOutput {
  readonly name = 'the disk';
  room: number;
  content = '';
  closed = 0;
  readonly #code: string;

  constructor(room: number, code = 'ENOSPC') {
    this.room = room;
    this.#code = code;
  }

  async write(bytes: Buffer): Promise<number> {
    const taken = bytes.subarray(0, this.room - this.content.length);
    if (this.room <= this.content.length) throw Object.assign(new Error(this.#code), { code: this.#code });
    this.content += taken;
    return taken.length;
  }

  async close(): Promise<void> {
    this.closed++;
  }
}
