import type { BigIntStats } from 'node:fs';
import { open } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  ConfigError,
  type ConfigProblem,
  type Logger,
  parseConfig,
  type Schema,
  type SchemaAndValue,
  type Table,
  type TableContext,
  type TableKey,
  type TableKeyPart,
  type TableProvider,
  type TableSpec,
} from '@millrace/api';
import { type FileTableConfig, fileTableConfig } from './file-table-config.ts';
import { MemoryTable } from './memory-table.ts';
import { formatOfPath, readRows } from './read-rows.ts';

/** Tables that are files of CSV or JSON, read whole and read again when they change. */
export const fileTableProvider: TableProvider = {
  name: 'file',
  async open(spec, context) {
    const { config } = parseConfig(fileTableConfig, spec.config);
    const problems = problemsOf(config, spec);
    if (problems.length > 0) throw new ConfigError(problems);
    const table = new FileTable(config, spec, context);
    await table.load();
    return table;
  },
};

function problemsOf({ path, format, key }: FileTableConfig, { keyParts }: TableSpec): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  if (format === 'auto' && formatOfPath(path) === undefined) {
    problems.push({
      key: 'format',
      message: `The ending of ${path} says no format; set one of csv, tsv, json, jsonl.`,
    });
  }
  if (key.length !== keyParts) {
    problems.push({
      key: 'key',
      message: `It names ${key.length} columns, and the key of a record has ${keyParts} values.`,
    });
  }
  return problems;
}

/** Rows put into a table before others get their turn. */
const rowsPerTurn = 5_000;

class FileTable implements Table {
  readonly #config: FileTableConfig;
  readonly #spec: TableSpec;
  readonly #log: Logger;
  readonly #closing = new AbortController();
  readonly #signal: AbortSignal;
  #rows = new MemoryTable();
  /** Which state of the file was looked at last, whether it could be read or not. */
  #seen: string | undefined;
  /** Which state the last look has found; a change counts once two looks in a row have found the same. */
  #found: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #polling: Promise<void> = Promise.resolve();

  constructor(config: FileTableConfig, spec: TableSpec, { log, signal }: TableContext) {
    this.#config = config;
    this.#spec = spec;
    this.#log = log;
    this.#signal = AbortSignal.any([signal, this.#closing.signal]);
  }

  get schema(): Schema | null | undefined {
    return this.#rows.schema;
  }

  get(key: TableKey): SchemaAndValue | undefined {
    return this.#rows.get(key);
  }

  async load(): Promise<void> {
    const { path } = this.#config;
    try {
      await this.#read();
    } catch (cause) {
      if (this.#signal.aborted) throw cause;
      const message = `The table's file ${path} cannot be read: ${(cause as Error).message}`;
      throw new ConfigError([{ key: 'path', message }], { cause });
    }
    this.#schedule();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    clearTimeout(this.#timer);
    await this.#polling;
    this.#rows.close();
  }

  #schedule(): void {
    if (this.#config.reload === 0 || this.#signal.aborted) return;
    this.#timer = setTimeout(() => {
      this.#polling = this.#poll();
    }, this.#config.reload).unref();
  }

  async #poll(): Promise<void> {
    const { path } = this.#config;
    try {
      if (await this.#read()) this.#log.info('Lookup table was read again.', { path, rows: this.#rows.size });
    } catch (error) {
      if (this.#signal.aborted) return;
      const message = error instanceof Error ? error.message : String(error);
      this.#log.error('Lookup table has changed and cannot be read; the rows read before stay.', {
        path,
        error: message,
      });
    }
    this.#schedule();
  }

  /** Reads the file when it is another than last time. Its rows count only when all of them could be read. */
  async #read(): Promise<boolean> {
    const { path } = this.#config;
    const file = await open(path).catch((error: NodeJS.ErrnoException) => {
      const state = String(error.code);
      if (state === this.#seen) return undefined;
      this.#seen = state;
      throw error;
    });
    if (file === undefined) return false;
    try {
      const before = stateOf(await file.stat({ bigint: true }));
      const isSettled = this.#seen === undefined || before === this.#found;
      this.#found = before;
      if (before === this.#seen || !isSettled) return false;
      const bytes = await file.readFile({ signal: this.#signal });
      // Somebody is writing: the next look will find what was written.
      if (this.#seen !== undefined && stateOf(await file.stat({ bigint: true })) !== before) return false;
      this.#seen = before;
      this.#rows = await this.#fill(bytes);
      return true;
    } finally {
      await file.close();
    }
  }

  async #fill(bytes: Buffer): Promise<MemoryTable> {
    const { schema, rows } = readRows(bytes, this.#config);
    const table = new MemoryTable({ fields: this.#spec.fields, keys: 'text', schema });
    let count = 0;
    let skipped = 0;
    for (const { key, row } of rows) {
      if (key.includes(null)) skipped++;
      else table.set(key as readonly TableKeyPart[], schema, row);
      if (++count % rowsPerTurn === 0) {
        await nextTurn();
        this.#signal.throwIfAborted();
      }
    }
    const { path } = this.#config;
    if (skipped > 0) this.#log.warn('Rows of a lookup table without a key were left out.', { path, rows: skipped });
    const repeated = count - skipped - table.size;
    if (repeated > 0)
      this.#log.warn('Keys of a lookup table stand twice; the last row counts.', { path, rows: repeated });
    return table;
  }
}

function stateOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}
