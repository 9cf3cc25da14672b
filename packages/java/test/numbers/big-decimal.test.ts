import { describe, expect, it } from 'vitest';
import {
  ArithmeticError,
  bigDecimalFromDouble,
  bigDecimalSetScale,
  bigDecimalToDouble,
  bigDecimalToFloat,
  bigDecimalToLong,
  bigDecimalToLongExact,
  bigDecimalToPlainString,
  bigDecimalToString,
  NumberFormatError,
  parseBigDecimal,
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
  const valid = rows.filter((row): row is Valid => row.length > 2);
  const refused = rows.filter((row): row is Refused => row.length === 2);

  it('is read with the scale that the text has', () => {
    expect(
      differences(
        valid,
        ([text]) => {
          const { unscaled, scale } = parseBigDecimal(text);
          return [unscaled.toString(), scale];
        },
        (row) => [row[1], row[2]],
      ),
    ).toEqual([]);
  });

  it('refuses what Java refuses, with its message where Java has one', () => {
    for (const [text] of refused) {
      expect(() => parseBigDecimal(text)).toThrow(NumberFormatError);
    }
    expect(
      differences(
        refused.filter((row) => row[1] !== null),
        ([text]) => outcome(() => parseBigDecimal(text).scale),
        (row) => [row[1]],
      ),
    ).toEqual([]);
  });

  it('is printed as Java prints it', () => {
    expect(
      differences(
        valid,
        ([text, , , , plain]) => {
          const value = parseBigDecimal(text);
          return [bigDecimalToString(value), plain === null ? null : bigDecimalToPlainString(value)];
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
          const value = parseBigDecimal(text);
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
            const result = outcome(() => bigDecimalSetScale(parseBigDecimal(text), 2, mode).unscaled.toString());
            return Array.isArray(result) ? `!${result[0]}` : result;
          }),
        (row) => row[9],
      ),
    ).toEqual([]);
    expect(() => bigDecimalSetScale(parseBigDecimal('1.005'), 2)).toThrow(ArithmeticError);
  });

  it('converts extreme exponents to a long without building the power of ten', () => {
    expect(bigDecimalToLong({ unscaled: 1n, scale: -2147483648 })).toBe(0n);
    expect(bigDecimalToLong({ unscaled: 123n, scale: 2147483647 })).toBe(0n);
    expect(bigDecimalToLongExact({ unscaled: 1n, scale: -2147483648 })).toBeUndefined();
    expect(bigDecimalToLongExact({ unscaled: 1n, scale: 2147483647 })).toBeUndefined();
  });

  it('comes from a double with the digits that the double prints', () => {
    expect(bigDecimalFromDouble(100)).toEqual({ unscaled: 1000n, scale: 1 });
    expect(bigDecimalFromDouble(1e21)).toEqual({ unscaled: 10n, scale: -20 });
    expect(() => bigDecimalFromDouble(Number.NaN)).toThrow(NumberFormatError);
  });
});
