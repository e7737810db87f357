/** What stands in one field of a CSV file; null leaves it empty. */
export type CsvValue = string | number | null;

/** A spreadsheet takes text that begins so for a formula (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * A CSV file by RFC 4180: records end with CR LF, text is quoted where it must be. Text that a spreadsheet would calculate
 * gets an apostrophe before it; numbers stay numbers.
 *
 * @param rows each as long as the header
 */
export function csvText(header: readonly string[], rows: Iterable<readonly CsvValue[]>): string {
  const lines = [header.map(field).join(',')];
  for (const row of rows) lines.push(row.map(field).join(','));
  return `${lines.join('\r\n')}\r\n`;
}

function field(value: CsvValue): string {
  if (value === null) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
