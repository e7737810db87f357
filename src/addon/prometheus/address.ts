import { isIPv4, isIPv6 } from 'node:net';

/** An address to listen on. */
export interface Address {
  /** A host name, an IPv4 address, or an IPv6 address without brackets. */
  readonly host: string;
  /** 0 lets the system choose a free port. */
  readonly port: number;
}

/** A host name by RFC 1123 section 2.1 and DNS, plus `_`, which is common in practice. */
const HOST_NAME =
  /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*\.?$/i;

/**
 * Parses Address:port: `host:port`, `[v6]:port`, `::1:port`, or `:port` for every IPv4 address of this machine.
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
  // The resolver would read 1.2.3 as 1.2.0.3, and look 127.0.0.256 up as a name.
  if (written.includes(':') || /^[\d.]+$/.test(written)) return `“${written}” is not an IP address.`;
  if (!HOST_NAME.test(written)) return `“${written}” is neither an IP address nor a host name.`;
  return { host: written, port };
}

/** Formats an address for a URL. */
export function formatAddress({ host, port }: Address): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

/** URL of the metrics for a browser on this machine; a wildcard address is replaced by loopback. */
export function metricsUrl({ host, port }: Address, secure = false): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `${secure ? 'https' : 'http'}://${formatAddress({ host: reachable.replace(/%.*$/, ''), port })}/metrics`;
}
