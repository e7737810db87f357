import { isIPv6 } from 'node:net';
import { type Address, parseAddress } from './address';

/**
 * Whether the effective address exposes more than the requested one did: a request that could not be parsed may have
 * been meant for this machine alone.
 */
export function isWidened(requested: string, effective: Address | null): boolean {
  return effective !== null && isEverywhere(effective.host) && !asksForEverywhere(requested);
}

/** Warns that the metrics are exposed. @param guarded whether reading them takes a password or a certificate */
export function widenedSentence(guarded: boolean): string {
  return guarded
    ? 'Every machine of the network can reach them now; they are read with a password or a certificate.'
    : 'Every machine of the network can read them now.';
}

function isEverywhere(host: string): boolean {
  return host === '0.0.0.0' || (isIPv6(host) && /^[0:]+$/.test(host));
}

function asksForEverywhere(requested: string): boolean {
  const address = parseAddress(requested);
  if (typeof address !== 'string') return isEverywhere(address.host);
  return /^\s*(?:0\.0\.0\.0|\[[0:]+\]|[0:]*:)?:[^:]*$/.test(requested);
}
