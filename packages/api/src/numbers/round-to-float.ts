const floats = new Float32Array(1);
const floatBits = new Int32Array(floats.buffer);
const beyondLargestFloat = 2 ** 128;

/**
 * The float nearest to a decimal text (`-12.5e3`), rounded once: rounding to a double first is harmless unless the
 * double lies right between two floats and is not the exact value.
 */
export function roundToFloat(text: string): number {
  const isNegative = text.charCodeAt(0) === 0x2d;
  const hasSign = isNegative || text.charCodeAt(0) === 0x2b;
  const magnitude = roundMagnitude(hasSign ? text.slice(1) : text);
  return isNegative ? -magnitude : magnitude;
}

function roundMagnitude(text: string): number {
  const double = Number(text);
  const nearest = Math.fround(double);
  if (nearest === double) return nearest;
  floats[0] = nearest;
  floatBits[0]! += nearest > double ? -1 : 1;
  const other = floats[0];
  const middle = (Math.min(nearest, beyondLargestFloat) + Math.min(other, beyondLargestFloat)) / 2;
  if (middle !== double) return nearest;
  const side = compareWithDouble(text, double);
  if (side === 0) return nearest;
  return side < 0 ? Math.min(nearest, other) : Math.max(nearest, other);
}

/** Compares the exact value of a decimal text with a double that it rounds to. */
function compareWithDouble(text: string, double: number): number {
  const [, whole = '', fraction = '', exponentText = '0'] = /^(\d*)\.?(\d*)(?:[eE](.*))?$/.exec(text) ?? [];
  let left = BigInt(whole + fraction);
  let right = 1n;
  const exponent = Number(exponentText) - fraction.length;
  if (exponent < 0) right *= 10n ** BigInt(-exponent);
  else left *= 10n ** BigInt(exponent);
  let scaled = double;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    left *= 2n;
  }
  right *= BigInt(scaled);
  return left < right ? -1 : left > right ? 1 : 0;
}
