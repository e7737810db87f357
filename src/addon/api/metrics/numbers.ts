/** Formats a value, the same in both formats. */
export function formatValue(value: number): string {
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  return String(value);
}

/** OpenMetrics requires bounds as floats, `1.0` where the text format has `1`. */
export function canonicalNumber(label: string | number): string {
  const number = Number(label);
  if (Number.isNaN(number)) return String(label);
  return Number.isInteger(number) && Math.abs(number) < 1e21 ? `${number}.0` : formatValue(number);
}
