import { createReadStream } from 'node:fs';
import { MillraceError } from '@millrace/api';
import { NumberCheck } from './number-check.ts';
import { numberAtEnd } from './number-in-text.ts';

const lineFeed = 10;

/**
 * Counts the numbered lines of files, one file after another. The digits at the end of a line are its number; what stands
 * before a space in front of them is the source. A last line without its end does not count.
 */
export async function checkFiles(paths: readonly string[]): Promise<NumberCheck> {
  const check = new NumberCheck();
  for (const path of paths) await addLines(path, check);
  return check;
}

async function addLines(path: string, check: NumberCheck): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    const bytes = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
    let start = 0;
    for (let end = bytes.indexOf(lineFeed); end >= 0; end = bytes.indexOf(lineFeed, start)) {
      addLine(bytes, start, end, path, check);
      start = end + 1;
    }
    rest = bytes.subarray(start);
  }
}

function addLine(bytes: Buffer, start: number, end: number, path: string, check: NumberCheck): void {
  const number = numberAtEnd(bytes, start, end);
  if (number < 0) throw new MillraceError(`A line of ${path} has no number: ${bytes.toString('utf8', start, end)}`);
  const space = bytes.lastIndexOf(32, end - 1);
  check.add(space > start ? bytes.toString('utf8', start, space) : '', number);
}
