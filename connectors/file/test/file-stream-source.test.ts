import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, chmodSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { FileStreamLines } from '../src/file-stream-lines.ts';
import { streamInput } from '../src/standard-input.ts';
import { startSource, temporaryPath } from './file-stream-run.ts';

function fileWith(content: string | Buffer): string {
  const file = temporaryPath('in.txt');
  writeFileSync(file, content);
  return file;
}

describe('a line', () => {
  test('ends with \\n, \\r\\n or \\r, and its offset is the position behind it', async () => {
    const source = startSource({ file: fileWith('a\nb\r\nc\rd\n\n\r\n\r\re\n') });
    expect(await source.lines()).toEqual([
      ['a', 2n],
      ['b', 5n],
      ['c', 7n],
      ['d', 9n],
      ['', 10n],
      ['', 12n],
      ['', 13n],
      ['', 14n],
      ['e', 16n],
    ]);
  });

  test('is a record without a key, with the schema of a string and the time of reading', async () => {
    const file = fileWith('a\n');
    const [record] = (await startSource({ file }).task.poll()) ?? [];
    expect(record).toMatchObject({ topic: 'lines', partition: null, key: null, keySchema: null, value: 'a' });
    expect(record?.valueSchema?.type).toBe('string');
    expect(record?.valueSchema?.optional).toBe(false);
    expect(Math.abs(Date.now() - (record?.timestamp ?? 0))).toBeLessThan(10_000);
    expect(record?.sourcePartition).toEqual({ filename: file });
  });

  test('waits for its end', async () => {
    const file = fileWith('a\nb');
    const source = startSource({ file });
    expect(await source.lines()).toEqual([['a', 2n]]);
    expect(await source.task.poll()).toBeNull();
    appendFileSync(file, 'c\r');
    expect(await source.task.poll()).toBeNull();
    appendFileSync(file, '\nd\n');
    expect(await source.lines()).toEqual([
      ['bc', 6n],
      ['d', 8n],
    ]);
  });

  test('is whole wherever chunks of the file end', async () => {
    // A chunk has 2^18 bytes: line ends of two bytes and characters of three fall on every place around its end.
    for (const shift of [0, 1, 2, 3]) {
      const first = 'x'.repeat((1 << 18) - 2 - shift);
      const source = startSource({ file: fileWith(`${first}\r\n€uro\r\nend\n`) });
      const lines = [...(await source.lines())];
      while (lines.length < 3) lines.push(...(await source.lines()));
      expect(lines).toEqual([
        [first, BigInt(first.length + 2)],
        ['€uro', BigInt(first.length + 10)],
        ['end', BigInt(first.length + 14)],
      ]);
    }
  });

  test('may be longer than a chunk, many times', async () => {
    const long = 'abcdefghij'.repeat(300_000);
    const source = startSource({ file: fileWith(`${long}\nshort\n${long}\n`) });
    const lines = [...(await source.lines())];
    while (lines.length < 3) lines.push(...(await source.lines()));
    expect(lines.map(([text]) => text === long || text)).toEqual([true, 'short', true]);
    expect(lines.at(-1)?.[1]).toBe(6_000_008n);
  });

  test('without an end is an error before memory runs out, and says where it starts', async () => {
    const endless = {
      name: 'endless',
      read: async (buffer: Buffer, start: number) => buffer.fill('x', start).length - start,
      wait: async () => {},
      close: async () => {},
    };
    const lines = new FileStreamLines(endless, 7);
    const fill = async () => {
      while (await lines.fill()) expect(lines.next()).toBeUndefined();
    };
    await expect(fill()).rejects.toMatchObject({
      code: 'LINE_TOO_LONG',
      message: expect.stringContaining('endless: the line at byte 7 has no end'),
    });
  });

  test('is UTF-8, and what is not is replaced as in Java', async () => {
    const bytes = Buffer.from('\ufeffgrün\n€\n😀\n').toString('hex');
    const invalid = 'ff' + '0a' + '61e28262' + '0a' + 'c3' + '0a' + 'c080' + '0a' + 'f4908080' + '0a' + 'e282' + '0a';
    const source = startSource({ file: fileWith(Buffer.from(bytes + invalid, 'hex')) });
    expect(await source.lines()).toEqual([
      ['\ufeffgrün', 9n],
      ['€', 13n],
      ['😀', 18n],
      ['\ufffd', 20n],
      ['a\ufffdb', 25n],
      ['\ufffd', 27n],
      ['\ufffd\ufffd', 30n],
      ['\ufffd\ufffd\ufffd\ufffd', 35n],
      ['\ufffd', 38n],
    ]);
  });
});

describe('a batch', () => {
  test('has as many lines as batch.size says, and nothing stays behind', async () => {
    const source = startSource({ file: fileWith('1\n2\n3\n4\n5\n'), 'batch.size': '2' });
    expect(await source.lines()).toHaveLength(2);
    expect(await source.lines()).toHaveLength(2);
    expect(await source.lines()).toEqual([['5', 10n]]);
  });

  test('has 2000 lines by default', async () => {
    const source = startSource({ file: fileWith('line\n'.repeat(2001)) });
    expect(await source.lines()).toHaveLength(2000);
    expect(await source.lines()).toHaveLength(1);
  });

  test('has one line where batch.size is no number of lines', async () => {
    const source = startSource({ file: fileWith('1\n2\n'), 'batch.size': '-3' });
    expect(await source.lines()).toEqual([['1', 2n]]);
  });

  test('ends early where lines are long', async () => {
    const source = startSource({ file: fileWith(`${'x'.repeat(1 << 20)}\n`.repeat(8)) });
    expect((await source.lines()).length).toBeLessThan(8);
  });
});

describe('a file', () => {
  test('that is not there is waited for', async () => {
    const file = temporaryPath('late.txt');
    const source = startSource({ file });
    expect(await source.task.poll()).toBeNull();
    expect(source.warnings).toEqual([
      `Couldn't find file ${file} for FileStreamSourceTask, sleeping to wait for it to be created`,
    ]);
    writeFileSync(file, 'here\n');
    expect(await source.lines()).toEqual([['here', 5n]]);
  });

  test('goes on behind the stored position', async () => {
    const source = startSource({ file: fileWith('first\nsecond\n') }, 6n);
    expect(await source.lines()).toEqual([['second', 13n]]);
  });

  test('gives each line once when each position is started from', async () => {
    const file = fileWith('ä\r\nb\r€\n😀\n');
    const all = await startSource({ file }).lines();
    for (const [index, [, position]] of all.slice(0, -1).entries()) {
      expect(await startSource({ file }, position).lines()).toEqual(all.slice(index + 1));
    }
  });

  test('that is shorter than the stored position is waited for, with a warning', async () => {
    const file = fileWith('a\n');
    const source = startSource({ file }, 4n);
    expect(await source.task.poll()).toBeNull();
    expect(source.warnings).toEqual([expect.stringContaining('shorter than the position')]);
    appendFileSync(file, 'b\nc\n');
    expect(await source.lines()).toEqual([['c', 6n]]);
  });

  test('that is truncated goes on at its old position, with a warning', async () => {
    const file = fileWith('a\nb\n');
    const source = startSource({ file });
    expect(await source.lines()).toHaveLength(2);
    truncateSync(file);
    expect(await source.task.poll()).toBeNull();
    expect(source.warnings).toEqual([expect.stringContaining('shorter than the position')]);
    appendFileSync(file, '1\n2\n3\n');
    expect(await source.lines()).toEqual([['3', 6n]]);
  });

  test('that is replaced is followed under its new name, with a warning', async () => {
    const file = fileWith('a\n');
    const source = startSource({ file });
    expect(await source.lines()).toHaveLength(1);
    renameSync(file, `${file}.1`);
    writeFileSync(file, 'new\n');
    expect(await source.task.poll()).toBeNull();
    expect(source.warnings).toEqual([expect.stringContaining('was replaced or removed')]);
    appendFileSync(`${file}.1`, 'b\n');
    expect(await source.lines()).toEqual([['b', 4n]]);
  });

  test('that may not be read is an error', async () => {
    let file = fileWith('a\n');
    chmodSync(file, 0);
    // What root may not read: Linux has files in /proc that can only be written.
    if (process.getuid?.() === 0) file = '/proc/sys/net/ipv4/route/flush';
    await expect(startSource({ file }).task.poll()).rejects.toThrow(
      `${file} cannot be read: the worker has no permission`,
    );
  });

  test('below something that is no directory is an error', async () => {
    const file = `${fileWith('a\n')}/b`;
    await expect(startSource({ file }).task.poll()).rejects.toThrow(`${file} cannot be read: ENOTDIR`);
  });

  test('must not be a directory', async () => {
    const file = dirname(fileWith(''));
    await expect(startSource({ file }).task.poll()).rejects.toMatchObject({ code: 'NOT_A_FILE' });
  });

  test('must not be a named pipe, which is not waited for', async () => {
    const file = temporaryPath('pipe');
    execFileSync('mkfifo', [file]);
    await expect(startSource({ file }).task.poll()).rejects.toThrow(`${file} is no regular file`);
  });
});

test('polling ends when the task is stopped, and closing twice is harmless', async () => {
  const { task, stop } = startSource({ file: fileWith('') });
  const polled = task.poll();
  stop.abort();
  expect(await polled).toBeNull();
  await task.close();
  await task.close();
});

test.each(['main', 'thread'])('standard input is read, without offsets: %s', async (where) => {
  const script = fileURLToPath(new URL('./standard-input-child.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=@millrace/source', script, where]);
  child.stdin.write('first\nsec');
  const [first] = await once(child.stdout, 'data');
  expect(String(first)).toBe('["first",null,null]\n');
  child.stdin.end('ond\r\nend\n');
  let rest = '';
  for await (const data of child.stdout) rest += data;
  expect(rest).toBe('["second",null,null]\n["end",null,null]\n');
});

describe('a stream', () => {
  test('gives lines as they come, and then waits', async () => {
    const stream = new PassThrough();
    const stop = new AbortController();
    const input = streamInput(stream, 'standard input');
    const lines = new FileStreamLines(input, 0);
    stream.write('a\nb');
    await input.wait(0, stop.signal);
    expect(await lines.fill()).toBe(true);
    expect([lines.next(), lines.next()]).toEqual(['a', undefined]);
    expect(await lines.fill()).toBe(false);
    const more = input.wait(0, stop.signal);
    stream.end('c\n');
    await more;
    expect(await lines.fill()).toBe(true);
    expect(lines.next()).toBe('bc');
    expect(await lines.fill()).toBe(false);
    const last = input.wait(0, stop.signal);
    stop.abort();
    await expect(last).rejects.toThrow('aborted');
  });

  test('that fails says so', async () => {
    const stream = new PassThrough();
    stream.on('error', () => {});
    stream.destroy(new Error('torn'));
    await new Promise((resolve) => setImmediate(resolve));
    const wait = streamInput(stream, 'standard input').wait(0, new AbortController().signal);
    await expect(wait).rejects.toThrow('standard input cannot be read: torn');
  });
});
