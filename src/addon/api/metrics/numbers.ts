/** A value as both formats write it. */
export function formatValue(value: number): string {
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  return String(value);
}

/** OpenMetrics wants bounds as floats, `1.0` where text has `1`. */
export function canonicalNumber(label: string | number): string {
  const number = Number(label);
  if (Number.isNaN(number)) return String(label);
  return Number.isInteger(number) && Math.abs(number) < 1e21 ? `${number}.0` : formatValue(number);
}
