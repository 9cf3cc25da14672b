/** The straight line through values at equal distances, by least squares: how far it rises from the first to the last. */
export function fit(values: readonly number[]): { readonly growth: number } {
  if (values.length < 2) return { growth: 0 };
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let above = 0;
  let below = 0;
  for (const [index, value] of values.entries()) {
    above += (index - middle) * (value - mean);
    below += (index - middle) ** 2;
  }
  return { growth: (above / below) * (values.length - 1) };
}
