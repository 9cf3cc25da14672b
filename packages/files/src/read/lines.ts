import { Schema } from '@millrace/api';
import type { ReadFormat } from './record-reader.ts';

/** Each line is a record: a text, without its line end. */
export class Lines implements ReadFormat {
  readonly schema: Schema = Schema.string;
  value: unknown = null;

  findEnd(bytes: Buffer, from: number): number {
    return bytes.indexOf(0x0a, from);
  }

  moved(): void {}

  needsStart(): boolean {
    return false;
  }

  decode(text: string): boolean {
    this.value = text;
    return true;
  }
}
