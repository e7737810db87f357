import type { IncomingMessage } from 'node:http';
import { hostname, networkInterfaces } from 'node:os';

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];
const EVERYWHERE: ReadonlySet<string> = new Set(['0.0.0.0', '::']);
/** How long the machine's addresses are cached, in milliseconds. */
const KEEP = 1_000;

/**
 * The host names accepted in `Host`: those of the loopback interface, the address listened on, and configured ones. A
 * server that listens on every address also accepts the machine's own name and addresses, which may change while it
 * runs.
 *
 * @param further configured names in lower case; read at every call
 */
export function createOwnNames(
  listenHost: string,
  further: () => readonly string[] = () => [],
): () => ReadonlySet<string> {
  const bracketed = (address: string): string =>
    address.includes(':') ? `[${address.toLowerCase()}]` : address.toLowerCase();
  const known = EVERYWHERE.has(listenHost)
    ? namesOfMachine(listenHost, bracketed)
    : () => [...LOOPBACK, bracketed(listenHost)];
  let kept: { at: number; names: ReadonlySet<string> } | null = null;
  return () => {
    const now = performance.now();
    if (!kept || now - kept.at >= KEEP) kept = { at: now, names: new Set([...known(), ...further()]) };
    return kept.names;
  };
}

function namesOfMachine(listenHost: string, bracketed: (address: string) => string): () => string[] {
  return () => {
    const name = hostname().toLowerCase();
    const short = name.split('.')[0]!;
    const addresses = Object.values(networkInterfaces()).flatMap((list) =>
      (list ?? []).map(({ address }) => bracketed(address)),
    );
    return [...LOOPBACK, listenHost === '::' ? '[::]' : listenHost, name, short, `${short}.local`, ...addresses];
  };
}

/**
 * The host that a request is for (RFC 9112, section 3.2): that of an address in absolute form, else what `Host` says.
 *
 * @returns null where it names none, or more than one: a proxy could have read another than we do
 */
export function hostOf({ url = '', rawHeaders }: Pick<IncomingMessage, 'url' | 'rawHeaders'>): string | null {
  const named = rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]!.toLowerCase() === 'host');
  if (named.length !== 1 || named[0] === '') return null;
  return /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)/i.exec(url)?.[1] ?? named[0]!;
}

/**
 * Whether a request was addressed to this server by one of its own names. This stops DNS rebinding, where a web page
 * points its own name at our address: the browser sends that name as Host.
 *
 * @param names our host names; any port is accepted, since tunnels change it
 */
export function isOurHost(host: string | undefined, names: ReadonlySet<string>): boolean {
  if (host === undefined) return false;
  const name = /^(\[[^\]]+\]|[^:]+)(?::\d+)?$/.exec(host)?.[1];
  return name !== undefined && names.has(name.toLowerCase());
}

/**
 * Whether a request came from one of our own pages, or from a client other than a browser (which sends no Origin).
 * Behind a TLS proxy our pages are https although the proxy speaks http to us; a proxy that doesn't forward `Host`, or
 * forwards it without its port, is recognized by a configured name, whatever port it listens on. Names of this machine's
 * loopback interface stand for one port only: other programs serve pages there too.
 *
 * @param further names configured by the user, in lower case
 */
export function isOurOrigin(
  origin: string | undefined,
  host: string | undefined,
  further: readonly string[] = [],
): boolean {
  if (origin === undefined) return true;
  const [, authority, name] = /^https?:\/\/((\[[^\]]+\]|[^:/]+)(?::\d+)?)$/.exec(origin) ?? [];
  if (authority === undefined || name === undefined) return false;
  return authority === host || (further.includes(name) && !LOOPBACK.includes(name));
}

export function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}
