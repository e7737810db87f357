import { hostname, networkInterfaces } from 'node:os';

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];
const EVERYWHERE: ReadonlySet<string> = new Set(['0.0.0.0', '::']);
/** For how long the machine's addresses are taken to be the same, in milliseconds. */
const KEEP = 1_000;

/**
 * The names that a server answers to, as they stand in `Host`: of the loopback interface and of the address that it listens on. Where that is every address, the machine's own name and addresses,
 * which may change while it listens.
 */
export function createOwnNames(listenHost: string): () => ReadonlySet<string> {
  const bracketed = (address: string): string =>
    address.includes(':') ? `[${address.toLowerCase()}]` : address.toLowerCase();
  if (!EVERYWHERE.has(listenHost)) {
    const names = new Set([...LOOPBACK, bracketed(listenHost)]);
    return () => names;
  }
  let kept: { at: number; names: ReadonlySet<string> } | null = null;
  return () => {
    const now = performance.now();
    if (kept && now - kept.at < KEEP) return kept.names;
    const name = hostname().toLowerCase();
    const short = name.split('.')[0]!;
    const addresses = Object.values(networkInterfaces()).flatMap((list) =>
      (list ?? []).map(({ address }) => bracketed(address)),
    );
    kept = {
      at: now,
      names: new Set([
        ...LOOPBACK,
        listenHost === '::' ? '[::]' : listenHost,
        name,
        short,
        `${short}.local`,
        ...addresses,
      ]),
    };
    return kept.names;
  };
}

/**
 * Whether a request was addressed to this server by a name that we gave out. It stops a web page that points a name of its own at our address
 * (DNS rebinding): the browser sends that name as Host.
 *
 * @param names host names that are ours; the port may be any, since tunnels change it
 */
export function isOurHost(host: string | undefined, names: ReadonlySet<string>): boolean {
  if (host === undefined) return false;
  const name = /^(\[[^\]]+\]|[^:]+)(?::\d+)?$/.exec(host)?.[1];
  return name !== undefined && names.has(name.toLowerCase());
}

/** Whether a browser sent it from a page of ours, or something that is no browser sent it (which gives no Origin). */
export function isOurOrigin(origin: string | undefined, host: string | undefined): boolean {
  return origin === undefined || origin === `http://${host}`;
}

export function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}
