import { isIPv4, isIPv6 } from 'node:net';

/** Where to listen. */
export interface Address {
  /** A host name, an IPv4 address, or an IPv6 address without brackets. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
}

/** A name as RFC 1123 section 2.1 and DNS have them, and the `_` that people use. */
const HOST_NAME =
  /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*\.?$/i;

/**
 * Reads what people write into Address:port: `host:port`, `[v6]:port`, `::1:port`, or `:port` for every IPv4 address of this machine.
 *
 * @returns the address, or a sentence that says what is wrong
 */
export function parseAddress(text: string): Address | string {
  const trimmed = text.trim();
  const match = /^(.*):(\d+)$/s.exec(trimmed);
  if (!match) return 'It is not of the form host:port.';
  const [, written, digits] = match as unknown as [string, string, string];
  const port = Number(digits);
  if (digits.length > 5 || port > 65_535) return `There is no port ${digits.slice(0, 20)}: the largest is 65535.`;
  const bracketed = /^\[(.*)\]$/s.exec(written);
  if (bracketed) return isIPv6(bracketed[1]!) ? { host: bracketed[1]!, port } : `“${written}” is not an IPv6 address.`;
  if (written === '') return { host: '0.0.0.0', port };
  if (isIPv4(written) || isIPv6(written)) return { host: written, port };
  // The resolver would take 1.2.3 for 1.2.0.3, and 127.0.0.256 for a name to look up.
  if (written.includes(':') || /^[\d.]+$/.test(written)) return `“${written}” is not an IP address.`;
  if (!HOST_NAME.test(written)) return `“${written}” is neither an IP address nor a host name.`;
  return { host: written, port };
}

/** Writes an address the way it goes into a URL. */
export function formatAddress({ host, port }: Address): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

/** The URL of the metrics for a browser on this machine: a wildcard address is reached by loopback. */
export function metricsUrl({ host, port }: Address, secure = false): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `${secure ? 'https' : 'http'}://${formatAddress({ host: reachable.replace(/%.*$/, ''), port })}/metrics`;
}
