import { lookup } from 'node:dns/promises';

/**
 * The host to listen on, so that there is one server: for `localhost` fastify opens a second one, on the other loopback
 * address, which no limit of the first one reaches. Clients of `localhost` try both addresses.
 *
 * @returns IPv4 for `localhost`, where there is that; any other host as it is
 */
export async function oneAddress(host: string): Promise<string> {
  if (host !== 'localhost') return host;
  const addresses = await lookup(host, { all: true });
  return (addresses.find(({ family }) => family === 4) ?? addresses[0])?.address ?? host;
}
