/**
 * Prints a FLOAT64 as Java's `Double.toString` does: `1.0`, `0.001`, `1.0E-4`, `1.0E7`, `NaN`, `-Infinity`, `-0.0`.
 *
 * The digits are the shortest that read back as the same number (as in Java 19 and later), but two at least:
 * the smallest value is `4.9E-324`.
 */
export function formatDouble(value: number): string {
  if (value > -1e7 && value < 1e7) {
    if (value === (value | 0)) return value === 0 && 1 / value < 0 ? '-0.0' : `${value | 0}.0`;
    if (value >= 1e-3 || value <= -1e-3) {
      const thousandths = Math.round(Math.abs(value) * 1000);
      if (thousandths < 1e9 && thousandths / 1000 === Math.abs(value)) return printThousandths(thousandths, value < 0);
      return String(value);
    }
  }
  return printScientific(value);
}

/** `.0` to `.999` for 0 to 999 thousandths. */
const fractions: readonly string[] = Array.from({ length: 1000 }, (_, index) => {
  const digits = String(index).padStart(3, '0');
  return `.${digits[0]}${digits.slice(1).replace(/0+$/, '')}`;
});

function printThousandths(thousandths: number, isNegative: boolean): string {
  const whole = (thousandths / 1000) | 0;
  const text = whole + fractions[thousandths - whole * 1000]!;
  return isNegative ? `-${text}` : text;
}

function printScientific(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  let text = value.toExponential();
  if (!text.includes('.')) text = value.toExponential(1);
  const mark = text.indexOf('e');
  const exponent = text.charCodeAt(mark + 1) === 0x2b ? mark + 2 : mark + 1;
  return `${text.slice(0, mark)}E${text.slice(exponent)}`;
}
