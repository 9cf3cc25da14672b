import { brandOf } from '../brand.ts';
import { DataError } from '../errors/errors.ts';
import { formatDouble } from '../numbers/format-double.ts';

const brand = brandOf('decimal');
const decimalText = /^([+-]?)(\d+(?:\.\d*)?|\.\d+)(?:[eE]([+-]?\d+))?$/;
const largestScale = 2 ** 31 - 1;

/** An exact decimal number, `unscaled` × 10^-`scale`, as `java.math.BigDecimal`; never a JavaScript number. */
export class Decimal {
  static {
    brand.mark(Decimal);
  }

  readonly unscaled: bigint;
  readonly scale: number;

  constructor(unscaled: bigint, scale: number) {
    this.unscaled = unscaled;
    this.scale = scale;
  }

  static isInstance(value: unknown): value is Decimal {
    return brand.isOn(value);
  }

  /**
   * Reads what {@link Decimal.toString} writes and everything that `new BigDecimal(text)` takes; the scale is kept as
   * written, so `1.50` has scale 2 and `1E+3` has scale -3.
   *
   * @throws DataError when the text is no decimal number, or its scale has more than 31 bits.
   */
  static parse(text: string): Decimal {
    const match = decimalText.exec(text);
    if (match === null) throw new DataError(`${JSON.stringify(cut(text))} is no decimal number.`);
    const [, sign, digits = '', exponent = '0'] = match;
    const point = digits.indexOf('.');
    const fraction = point < 0 ? 0 : digits.length - point - 1;
    const scale = fraction - Number(exponent);
    if (Math.abs(scale) > largestScale) throw new DataError(`${cut(text)} is out of range for a decimal number.`);
    const unscaled = BigInt(point < 0 ? digits : digits.slice(0, point) + digits.slice(point + 1));
    return new Decimal(sign === '-' ? -unscaled : unscaled, scale);
  }

  /**
   * The digits that are printed for the number, as `BigDecimal.valueOf(double)`: `1` becomes `1.0`, `1e10` becomes
   * `1.0E+10`.
   *
   * @throws DataError for NaN and infinities.
   */
  static fromNumber(value: number): Decimal {
    return Decimal.parse(formatDouble(value));
  }

  /** Big-endian two's complement, as Connect stores the unscaled value. */
  static fromBytes(bytes: Uint8Array, scale: number): Decimal {
    if (bytes.length === 0) throw new DataError('A decimal needs at least one byte; got none.');
    const magnitude = BigInt(`0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')}`);
    return new Decimal(BigInt.asIntN(bytes.length * 8, magnitude), scale);
  }

  /** The shortest big-endian two's complement of the unscaled value. */
  toBytes(): Buffer {
    const { unscaled } = this;
    const magnitude = unscaled < 0n ? -unscaled - 1n : unscaled;
    const length = magnitude === 0n ? 1 : (magnitude.toString(16).length * 4 - leadingZeros(magnitude) + 8) >> 3;
    const hex = BigInt.asUintN(length * 8, unscaled).toString(16);
    return Buffer.from(hex.padStart(length * 2, '0'), 'hex');
  }

  /** As `BigDecimal.toString`: an exponent for a negative scale and for values that begin below 1e-6. */
  toString(): string {
    const { scale } = this;
    if (scale === 0) return this.unscaled.toString();
    const [sign, digits] = signAndDigits(this.unscaled);
    const exponent = digits.length - 1 - scale;
    if (scale > 0 && exponent >= -6) return sign + withPoint(digits, scale);
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
    return `${sign}${digits[0]}${fraction}${exponent === 0 ? '' : `E${exponent > 0 ? '+' : ''}${exponent}`}`;
  }

  /**
   * As `BigDecimal.toPlainString`: never an exponent.
   *
   * @throws DataError where that would take more than 100,000 digits.
   */
  toPlainString(): string {
    const { scale, unscaled } = this;
    if (scale === 0 || (unscaled === 0n && scale < 0)) return unscaled.toString();
    if (Math.abs(scale) > 100_000)
      throw new DataError(`${this} has too many digits to be written without an exponent.`);
    const [sign, digits] = signAndDigits(unscaled);
    return scale < 0 ? sign + digits + '0'.repeat(-scale) : sign + withPoint(digits, scale);
  }

  toJSON(): string {
    return this.toString();
  }

  /** Same number and same scale, as `BigDecimal.equals`. */
  equals(other: Decimal): boolean {
    return this.unscaled === other.unscaled && this.scale === other.scale;
  }
}

function signAndDigits(unscaled: bigint): readonly [string, string] {
  return unscaled < 0n ? ['-', (-unscaled).toString()] : ['', unscaled.toString()];
}

function withPoint(digits: string, scale: number): string {
  const padded = digits.padStart(scale + 1, '0');
  return `${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}

/** Zero bits at the top of the first hexadecimal digit. */
function leadingZeros(magnitude: bigint): number {
  return Math.clz32(Number.parseInt(magnitude.toString(16).charAt(0), 16)) - 28;
}

function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
