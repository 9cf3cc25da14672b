import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const directory = process.env['JAVA_VECTORS_DIR'] ?? fileURLToPath(import.meta.resolve('./vectors'));

/** Rows that the program in vectors-generator/ recorded from Java 17. */
export function readVectors<Row extends readonly unknown[]>(name: string): Row[] {
  return JSON.parse(readFileSync(`${directory}/${name}.json`, 'utf8'));
}

const view = new DataView(new ArrayBuffer(8));

export function doubleFromBits(hex: string): number {
  view.setBigUint64(0, BigInt(`0x${hex}`));
  return view.getFloat64(0);
}

export function doubleToBits(value: number): string {
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16);
}

export function floatFromBits(hex: string): number {
  view.setUint32(0, Number.parseInt(hex, 16));
  return view.getFloat32(0);
}

export function floatToBits(value: number): string {
  view.setFloat32(0, value);
  return view.getUint32(0).toString(16);
}

/** The result of a call, or the message of what it throws in a row of its own, as the vectors have it. */
export function outcome<Result>(call: () => Result): Result | [string] {
  try {
    return call();
  } catch (error) {
    return [(error as Error).message];
  }
}

/** Rows where the answer differs, in a form that a failing test prints well. */
export function differences<Row>(rows: readonly Row[], actual: (row: Row) => unknown, expected: (row: Row) => unknown) {
  return rows.flatMap((row) => {
    const [left, right] = [JSON.stringify(actual(row)), JSON.stringify(expected(row))];
    return left === right ? [] : [{ row: JSON.stringify(row), actual: left, expected: right }];
  });
}
