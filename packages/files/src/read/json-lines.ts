import { DataError, parseJson } from '@millrace/api';
import type { ReadFormat } from './record-reader.ts';

/** Each line is a value of JSON, without a schema. Blank lines are left out; integers beyond 2^53 are bigints. */
export class JsonLines implements ReadFormat {
  readonly schema: null = null;
  value: unknown = null;

  findEnd(bytes: Buffer, from: number): number {
    return bytes.indexOf(0x0a, from);
  }

  moved(): void {}

  needsStart(): boolean {
    return false;
  }

  decode(text: string): boolean {
    if (text.trim() === '') return false;
    try {
      this.value = parseJson(text);
    } catch (cause) {
      throw new DataError(`It is no JSON: ${(cause as Error).message}`, { cause });
    }
    return true;
  }
}
