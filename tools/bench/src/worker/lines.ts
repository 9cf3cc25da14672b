import { createHash, type Hash } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const lineBytes = 100;
const numberDigits = 10;
const distinctTails = 1000;

/** A file of numbered lines of 100 bytes, and what its content has to be. */
export interface Lines {
  readonly path: string;
  readonly count: number;
  /** Of the whole file, line feeds included. */
  readonly bytes: number;
  readonly hash: string;
}

const made = new Map<number, Lines>();
let folder: string | undefined;

/** A folder that goes when this process ends. */
export function benchFolder(): string {
  if (folder === undefined) {
    const created = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
    process.once('exit', () => rmSync(created, { recursive: true, force: true }));
    folder = created;
  }
  return folder;
}

/** So many lines; made once. */
export function linesOf(count: number): Lines {
  const known = made.get(count);
  if (known !== undefined) return known;
  const letter = () => String.fromCharCode(97 + Math.floor(Math.random() * 26));
  const tails = Array.from({ length: distinctTails }, () =>
    Array.from({ length: lineBytes - numberDigits }, letter).join(''),
  );
  const text = Array.from({ length: count }, (_, index) => line(index, tails)).join('');
  const path = join(benchFolder(), `lines-${count}`);
  writeFileSync(path, text, 'latin1');
  const lines = { path, count, bytes: text.length, hash: createHash('sha256').update(text, 'latin1').digest('hex') };
  made.set(count, lines);
  return lines;
}

export const isLast = (text: string, { count }: Lines): boolean => text.startsWith(numbered(count - 1));

/** Of lines, one after another. */
export function lineHash(): { add(text: string): void; digest(): string } {
  const hash: Hash = createHash('sha256');
  let waiting = '';
  return {
    add: (text) => {
      waiting += `${text}\n`;
      if (waiting.length < 1 << 16) return;
      hash.update(waiting);
      waiting = '';
    },
    digest: () => hash.update(waiting).digest('hex'),
  };
}

export async function fileHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

const numbered = (index: number): string => String(index).padStart(numberDigits, '0');
const line = (index: number, tails: readonly string[]): string => `${numbered(index)}${tails[index % tails.length]}\n`;
