import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { ConfigError, type Logger, Schema, silentLogger, type Table, type TableSpec } from '@millrace/api';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fileTableProvider } from '../../src/lookup/file-table.ts';

let folder: string;
let opened: Table[];
let lines: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-lookup-'));
  opened = [];
  lines = [];
});

afterEach(async () => {
  for (const table of opened) await table.close();
  await rm(folder, { recursive: true });
});

const patience = { timeout: 10_000, interval: 5 };

const log: Logger = {
  ...silentLogger,
  error: (message, fields) => lines.push(`error ${message} ${String(fields?.['error'])}`),
  warn: (message, fields) => lines.push(`warn ${message} ${String(fields?.['rows'])}`),
  info: (message) => lines.push(`info ${message}`),
};

async function file(name: string, text: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

async function openTable(config: TableSpec['config'], more: Partial<TableSpec> = {}): Promise<Table> {
  const spec = { config: { key: 'id', 'reload.ms': '0', ...config }, keyParts: 1, fields: undefined, ...more };
  const table = await fileTableProvider.open(spec, { log, signal: new AbortController().signal });
  opened.push(table);
  return table;
}

describe('a table from a file', () => {
  it('reads CSV: columns are optional strings unless a type is given', async () => {
    const path = await file('a.csv', 'id,name,score,since\n7,"Ann, A.",1.5,2020-01-02T03:04:05.678Z\n8,,,\n');
    const table = await openTable({ path, types: 'id:int64,score:float64,since:timestamp' });
    const schema = Schema.struct({
      id: Schema.int64.asOptional(),
      name: Schema.string.asOptional(),
      score: Schema.float64.asOptional(),
      since: Schema.timestamp.asOptional(),
    });
    expect(table.schema).toBe(schema);
    expect(table.get(7)).toEqual({
      schema,
      value: { id: 7n, name: 'Ann, A.', score: 1.5, since: new Date('2020-01-02T03:04:05.678Z') },
    });
    expect(table.get('8')?.value).toEqual({ id: 8n, name: null, score: null, since: null });
    expect(table.get(9)).toBeUndefined();
  });

  it('reads JSON and finds a schema that all objects fit', async () => {
    const rows = '[{"id":1,"a":{"b":[1,2]},"n":1},{"id":"x","a":null,"n":1.5,"big":1234567890123456789}]';
    const table = await openTable({ path: await file('a.json', rows) });
    expect(table.get(1)?.value).toEqual({ id: '1', a: { b: [1n, 2n] }, n: 1, big: null });
    expect(table.get('x')?.value).toEqual({ id: 'x', a: null, n: 1.5, big: 1234567890123456789n });
    expect(table.schema?.field('a')?.schema).toBe(
      Schema.struct({ b: Schema.array(Schema.int64.asOptional()).asOptional() }).asOptional(),
    );
  });

  it('reads one JSON object per line, and keys of several columns', async () => {
    const path = await file('a.txt', '{"a":"x","b":1,"v":true}\n\n{"a":"x","b":2,"v":false}\n');
    const table = await openTable({ path, format: 'jsonl', key: 'b,a' }, { keyParts: 2, fields: ['v'] });
    expect(table.get([2, 'x'])?.value).toEqual({ v: false });
    expect(table.get(['x', 2])).toBeUndefined();
  });

  it('says which rows do not count', async () => {
    await openTable({ path: await file('a.csv', 'id,v\n1,a\n,b\n1,c\n') });
    expect(lines).toEqual([
      'warn Rows of a lookup table without a key were left out. 1',
      'warn Keys of a lookup table stand twice; the last row counts. 1',
    ]);
  });

  it.each([
    ['a column is missing', 'a.csv', 'x,y\n1,2\n', 'There is no column "id"; there are: x, y.'],
    ['a row is too short', 'a.csv', 'id,v\n1\n', 'Line 2 has 1 columns and the first line 2.'],
    ['a value is not of its type', 'a.csv', 'id,v\n1,abc\n', 'Line 2: '],
    ['there is not even a header', 'a.csv', '', 'There is no line with the names of the columns.'],
    ['the JSON is broken', 'a.json', '[{]', 'The file: '],
    ['the JSON is no array', 'a.json', '{}', 'must hold an array of objects'],
    ['a line is no object', 'a.jsonl', '{"id":1}\n[]\n', 'Line 2 must be an object; it is an array.'],
  ])('does not open when %s', async (_, name, text, message) => {
    const path = await file(name, text);
    const types = name === 'a.csv' && text.includes('v') ? { types: 'v:int32' } : {};
    const opening = openTable({ path, ...types });
    await expect(opening).rejects.toThrow(ConfigError);
    await expect(opening).rejects.toThrow(message);
    await expect(opening).rejects.toThrow(path);
  });

  it.each(['a.csv', 'a.tsv', 'a.json', 'a.jsonl'])('does not open %s that is not UTF-8', async (name) => {
    const text = name.includes('json') ? '[{"id":"M\xfcller"}]' : 'id\nM\xfcller\n';
    const path = await file(name, Buffer.from(text, 'latin1'));
    await expect(openTable({ path })).rejects.toThrow('The file is not valid UTF-8');
  });

  it('does not open when the file is not there', async () => {
    await expect(openTable({ path: join(folder, 'none.csv') })).rejects.toThrow('ENOENT');
  });

  it('names every problem of its configuration at once', async () => {
    const error = await openTable({ key: '', types: 'a', delimiter: '"' }).catch((thrown: unknown) => thrown);
    expect((error as ConfigError).problems.map(({ key }) => key)).toEqual(['path', 'key', 'types', 'delimiter']);
    const other = await openTable({ path: 'rows', key: 'a,b' }).catch((thrown: unknown) => thrown);
    expect((other as ConfigError).problems.map(({ key }) => key)).toEqual(['format', 'key']);
  });
});

describe('a file that changes', () => {
  it('gives the new rows as a whole, and keeps the old ones when it is broken or gone', async () => {
    const path = await file('a.csv', 'id,v\n1,one\n');
    const table = await openTable({ path, 'reload.ms': '5' });
    const value = (key: number) => table.get(key)?.value ?? null;

    await rename(await file('next', 'id,v\n1,uno\n2,dos\n'), path);
    await vi.waitFor(() => expect(value(2)).toEqual({ id: '2', v: 'dos' }), patience);
    expect(value(1)).toEqual({ id: '1', v: 'uno' });

    await rename(await file('next', 'id,v\n3,tres\n1\n'), path);
    await vi.waitFor(() => expect(lines.at(-1)).toContain('the rows read before stay. Line 3 has 1 columns'), patience);
    expect([value(1), value(3)]).toEqual([{ id: '1', v: 'uno' }, null]);

    await rm(path);
    await vi.waitFor(() => expect(lines.at(-1)).toContain('ENOENT'), patience);
    expect(value(1)).toEqual({ id: '1', v: 'uno' });

    await rename(await file('next', 'id,v,w\n1,a,b\n'), path);
    await vi.waitFor(() => expect(value(1)).toEqual({ id: '1', v: 'a', w: 'b' }), patience);
    expect(lines.filter((line) => line.startsWith('error'))).toHaveLength(2);
  });

  it('keeps the old rows when the new ones are not UTF-8', async () => {
    const path = await file('a.csv', 'id,v\n1,one\n');
    const table = await openTable({ path, 'reload.ms': '5' });
    await rename(await file('next', Buffer.from('id,v\n1,M\xfcller\n', 'latin1')), path);
    await vi.waitFor(() => expect(lines.at(-1)).toContain('The file is not valid UTF-8'), patience);
    expect(table.get(1)?.value).toEqual({ id: '1', v: 'one' });
  });

  it('is taken only when two looks in a row see the same, so that no half of it counts', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const path = await file('a.csv', 'id,v\n1,one\n2,two\n');
      const table = await openTable({ path, 'reload.ms': '1000' });
      const look = async (): Promise<unknown> => {
        vi.advanceTimersByTime(1000);
        // Timers that other tests have left count, too: they say nothing about the look, and a moment of real time does.
        await delay(50);
        while (vi.getTimerCount() === 0) await nextTurn();
        return table.get(2)?.value ?? null;
      };
      await writeFile(path, 'id,v\n1,uno\n');
      expect(await look()).toEqual({ id: '2', v: 'two' });
      await appendFile(path, '2,dos\n');
      expect(await look()).toEqual({ id: '2', v: 'two' });
      let row = await look();
      for (let looks = 0; looks < 50 && isDeepStrictEqual(row, { id: '2', v: 'two' }); looks++) row = await look();
      expect(row).toEqual({ id: '2', v: 'dos' });
    } finally {
      vi.useRealTimers();
    }
  });

  it('is not looked at any more once the table is closed, twice if need be', async () => {
    const path = await file('a.csv', 'id,v\n1,one\n');
    const table = await openTable({ path, 'reload.ms': '5' });
    await table.close();
    await table.close();
    expect(table.get(1)).toBeUndefined();
  });
});
