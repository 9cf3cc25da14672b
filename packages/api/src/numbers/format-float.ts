import { formatDouble } from './format-double.ts';
import { roundToFloat } from './round-to-float.ts';

/**
 * Prints a FLOAT32 as Java's `Float.toString` does, with the shortest digits that read back as the same float, but two
 * at least: the smallest value is `1.4E-45`. A number that is no float is rounded to one first.
 */
export function formatFloat(value: number): string {
  const float = Math.fround(value);
  if (!Number.isFinite(float) || (float > -1e7 && float < 1e7 && float === (float | 0))) return formatDouble(float);
  return formatDouble(shortestDecimal(float));
}

const floats = new Float32Array(1);
const floatBits = new Int32Array(floats.buffer);
const powersOfTen = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/** By the eight exponent bits of a float: half the distance to the next larger one, and what makes it nine digits. */
const halfSteps = Float64Array.from({ length: 255 }, (_, bits) => 2 ** (bits - 151));
const shifts = Int32Array.from({ length: 255 }, (_, bits) => 8 - Math.floor(Math.log10(2 ** (bits - 127))));

/** Far beyond the digits that tell which of two decimals is nearer. */
const manyDigits = 60;

/** Nothing that is computed below with numbers up to 1e10 is off by more. */
const margin = 1e-5;

/**
 * The double nearest to the shortest decimal that reads back as this float: printed as a double it gives the digits of
 * the float. Works on integers of nine or ten digits where that is safe, and tries out texts where it is not.
 */
function shortestDecimal(float: number): number {
  const magnitude = Math.abs(float);
  if (magnitude < 1e-12 || magnitude > 1e27) return shortestByTrial(float);
  floats[0] = magnitude;
  const bits = floatBits[0]!;
  const halfStep = halfSteps[bits >> 23]!;
  const shift = shifts[bits >> 23]!;
  const power = powersOfTen[shift < 0 ? -shift : shift]!;
  const scaled = shift < 0 ? magnitude / power : magnitude * power;
  const above = shift < 0 ? halfStep / power : halfStep * power;
  const below = (bits & 0x7fffff) === 0 ? above / 2 : above;
  for (let unit = 1e9; unit >= 1; unit /= 10) {
    let candidate = Math.floor(scaled / unit + 0.5) * unit;
    // A power of two: the next float below is nearer than the next one above.
    if (candidate < scaled - below - margin) candidate += unit;
    const error = candidate - scaled;
    if (error < above - margin && error > margin - below) {
      if (unit - 2 * Math.abs(error) < margin) break;
      const decimal = shift < 0 ? candidate * power : candidate / power;
      return float < 0 ? -decimal : decimal;
    }
    if (error <= above + margin && error >= -margin - below) break;
  }
  return shortestByTrial(float);
}

function shortestByTrial(float: number): number {
  const magnitude = Math.abs(float);
  for (let digits = 2; digits < 9; digits++) {
    const decimal = nearestThatReadsBack(magnitude, digits);
    if (decimal !== undefined) return float < 0 ? -decimal : decimal;
  }
  return Number(float.toPrecision(9));
}

/** The nearest decimal of so many digits; of two that are equally near the one whose last digit is even. */
function nearestThatReadsBack(magnitude: number, digits: number): number | undefined {
  const [mantissa, exponent] = magnitude.toExponential(manyDigits).split('e') as [string, string];
  const unit = `e${Number(exponent) - digits + 1}`;
  const lower = Number(mantissa.slice(0, digits + 1).replace('.', ''));
  const rest = mantissa.slice(digits + 1);
  const isUpperNearer = /^50*$/.test(rest) ? lower % 2 === 1 : rest >= '5';
  const nearer = isUpperNearer ? lower + 1 : lower;
  const farther = isUpperNearer ? lower : lower + 1;
  for (const candidate of [nearer, farther]) {
    if (roundToFloat(`${candidate}${unit}`) === magnitude) return Number(`${candidate}${unit}`);
  }
  return undefined;
}
