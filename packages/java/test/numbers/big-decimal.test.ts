import { DataError, Decimal } from '@millrace/api';
import { describe, expect, it } from 'vitest';
import {
  ArithmeticError,
  bigDecimalSetScale,
  bigDecimalToDouble,
  bigDecimalToFloat,
  bigDecimalToLong,
  bigDecimalToLongExact,
  type RoundingMode,
} from '../../src/index.ts';
import { differences, doubleToBits, floatToBits, outcome, readVectors } from '../vectors.ts';

type Valid = [
  text: string,
  unscaled: string,
  scale: number,
  scientific: string,
  plain: string | null,
  double: string,
  float: string,
  long: string | null,
  exact: string | null,
  rounded: (string | null)[],
];
type Refused = [text: string, message: string | null];

const modes: readonly RoundingMode[] = [
  'UP',
  'DOWN',
  'CEILING',
  'FLOOR',
  'HALF_UP',
  'HALF_DOWN',
  'HALF_EVEN',
  'UNNECESSARY',
];

describe('BigDecimal', () => {
  const rows = readVectors<Valid | Refused>('big-decimal');
  // Java also takes the digits of other scripts; a Decimal does not.
  const valid = rows.filter((row): row is Valid => row.length > 2 && /^[ -~]*$/.test(row[0]));
  const refused = rows.filter((row): row is Refused => row.length === 2);

  it('is read with the scale that the text has', () => {
    expect(
      differences(
        valid,
        ([text]) => {
          const { unscaled, scale } = Decimal.parse(text);
          return [unscaled.toString(), scale];
        },
        (row) => [row[1], row[2]],
      ),
    ).toEqual([]);
  });

  it('refuses what Java refuses', () => {
    for (const [text] of refused) {
      expect(() => Decimal.parse(text)).toThrow(expect.toSatisfy((error) => DataError.isInstance(error)));
    }
  });

  it('is printed as Java prints it', () => {
    expect(
      differences(
        valid,
        ([text, , , , plain]) => {
          const value = Decimal.parse(text);
          return [value.toString(), plain === null ? null : value.toPlainString()];
        },
        (row) => [row[3], row[4]],
      ),
    ).toEqual([]);
  });

  it('becomes the same double, float and long', () => {
    expect(
      differences(
        valid,
        ([text, , , , , , , long]) => {
          const value = Decimal.parse(text);
          return [
            doubleToBits(bigDecimalToDouble(value)),
            floatToBits(bigDecimalToFloat(value)),
            long === null ? null : bigDecimalToLong(value).toString(),
            bigDecimalToLongExact(value)?.toString() ?? null,
          ];
        },
        (row) => row.slice(5, 9),
      ),
    ).toEqual([]);
  });

  it('is rounded in every mode as Java does', () => {
    expect(
      differences(
        valid.filter((row) => row[4] !== null),
        ([text]) =>
          modes.map((mode) => {
            const result = outcome(() => bigDecimalSetScale(Decimal.parse(text), 2, mode).unscaled.toString());
            return Array.isArray(result) ? `!${result[0]}` : result;
          }),
        (row) => row[9],
      ),
    ).toEqual([]);
    expect(() => bigDecimalSetScale(Decimal.parse('1.005'), 2)).toThrow(ArithmeticError);
  });

  it('converts extreme exponents to a long without building the power of ten', () => {
    expect(bigDecimalToLong(new Decimal(1n, -2147483648))).toBe(0n);
    expect(bigDecimalToLong(new Decimal(123n, 2147483647))).toBe(0n);
    expect(bigDecimalToLongExact(new Decimal(1n, -2147483648))).toBeUndefined();
    expect(bigDecimalToLongExact(new Decimal(1n, 2147483647))).toBeUndefined();
  });
});
