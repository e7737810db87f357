/** Where the metrics are served if nothing else was chosen. The variable is for tests: one port may not be free. */
const FALLBACK = process.env.FRAMEGAUGE_PROMETHEUS_FALLBACK ?? '0.0.0.0:8000';

/**
 * The address to fall back to when Address:port cannot be bound, as `host:port`; null for none.
 *
 * @param choice value of the preference `fallback`: `0.0.0.0:8000`, `loopback` or `none`
 * @param everywhere the default, as `host:port`
 */
export function fallbackAddress(choice: string, everywhere = FALLBACK): string | null {
  if (choice === 'none') return null;
  return choice === 'loopback' ? everywhere.replace(/^.*(?=:\d+$)/, '127.0.0.1') : everywhere;
}
