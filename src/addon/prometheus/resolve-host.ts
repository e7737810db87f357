import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';

/** Timeout of the system's resolver, in milliseconds; without a network it can take half a minute. */
const LOOKUP_DEADLINE = 2_000;

/**
 * Resolves a host to an IP address, preferring IPv4, since that is what people type into a browser.
 *
 * @throws Error with the resolver's `code` (ENOTFOUND, EAI_AGAIN, …), or ETIMEOUT
 */
export async function resolveHost(host: string): Promise<string> {
  if (isIP(host)) return host;
  let timer: NodeJS.Timeout | undefined;
  try {
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(Object.assign(new Error(`resolving “${host}” took too long`), { code: 'ETIMEOUT' })),
        LOOKUP_DEADLINE,
      );
    });
    const { address } = await Promise.race([lookup(host, { order: 'ipv4first' }), timeout]);
    return address;
  } finally {
    clearTimeout(timer);
  }
}
