import { once } from 'node:events';
import { join } from 'node:path';
import { type TLSSocket, connect } from 'node:tls';
import { expect, it, onTestFinished } from 'vitest';
import { fingerprintOf, ownCertificate } from '../../../src/main/farm/certificate';
import { MAX_PRESENCES, MAX_REQUESTS } from '../../../src/main/farm/farm-routes';
import { type FarmServer, type FarmServerOptions, startFarmServer } from '../../../src/main/farm/farm-server';
import { MAX_MACHINE_CONNECTIONS } from '../../../src/main/farm/machine-connections';
import { openMachineStore } from '../../../src/main/farm/machine-store';
import type { Tickets } from '../../../src/main/farm/tickets';
import { createRenderCounters } from '../../../src/main/jobs/render-counters';
import { RefusedError, createFarmClient } from '../../../src/main/machine/farm-client';
import { VERSION } from '../../../src/main/version';
import { presenceAnswerSchema } from '../../../src/shared/farm';
import { rootOffersSchema } from '../../../src/shared/farm-files';
import { type Certificate, makeAuthority, makeCertificate } from '../../helpers/certificates';
import { temporaryFolder } from '../../helpers/temporary-folder';

const NEVER = new AbortController().signal;

/** HTTP status of an answer. */
async function statusOf(asked: Promise<unknown>): Promise<unknown> {
  try {
    await asked;
    return 200;
  } catch (error) {
    return error instanceof RefusedError ? error.status : error;
  }
}

async function serve(
  certificate: FarmServerOptions['certificate'],
  more: Partial<FarmServerOptions> = {},
): Promise<FarmServer> {
  const server = await startFarmServer({
    listen: { host: '127.0.0.1', port: 0 },
    certificate,
    join: async () => null,
    machineWith: () => null,
    hear: () => ({ refusal: null, roots: [], void: [] }),
    tickets: {} as Tickets,
    counters: createRenderCounters(),
    roots: () => [],
    onFault: (error) => expect.unreachable(String(error)),
    ...more,
  });
  onTestFinished(() => server.close());
  return server;
}

it('tells a machine that asks more often than it needs to that it has to wait a second, and no other', async () => {
  const folder = temporaryFolder();
  const certificate = await ownCertificate(folder);
  const store = openMachineStore(join(folder, 'machines.sqlite'));
  onTestFinished(() => store.close());
  let now = 0;
  const server = await serve(certificate, { machineWith: store.withToken, clock: () => now });
  /** Asks as a machine: each time for its roots, or telling that it is there. */
  function joined(name: string): (what: 'roots' | 'presence', times: number) => Promise<unknown[]> {
    const { token } = store.join(store.invite(0).secret, { name, version: VERSION, tags: [] }, 0)!;
    const client = createFarmClient(`https://127.0.0.1:${server.port}`, certificate.cert, token);
    onTestFinished(() => client.close());
    const presence = { session: 'a session', version: VERSION, workers: 1, engines: [], queue: true, leases: [] };
    return async (what, times) => {
      const statuses = [];
      for (let time = 0; time < times; time++)
        statuses.push(
          await statusOf(
            what === 'roots'
              ? client.get('/roots', {}, rootOffersSchema, NEVER)
              : client.ask('PUT', '/presence', presence, presenceAnswerSchema),
          ),
        );
      return statuses;
    };
  }
  const answers = (number: number): unknown[] => Array.from({ length: number }, () => 200);

  const [eager, other] = [joined('eager'), joined('other')];
  expect(await eager('roots', MAX_REQUESTS + 2)).toEqual([...answers(MAX_REQUESTS), 503, 503]);
  expect(await other('roots', 1)).toEqual([200]);
  now += 1_000;
  expect(await eager('presence', MAX_PRESENCES + 1)).toEqual([...answers(MAX_PRESENCES), 503]);
  expect(await eager('roots', 1)).toEqual([200]);
});

it('shows a renewed certificate to those that connect from then on, and asks no one to connect again', async () => {
  const authority = makeAuthority('Studio');
  const issued = (): Certificate => makeCertificate(authority, 'server', ['127.0.0.1']);
  const [first, second] = [issued(), issued()];
  const server = await serve(first);
  const meet = async (): Promise<{ socket: TLSSocket; shown: string }> => {
    const socket = connect({ host: '127.0.0.1', port: server.port, ca: authority.cert });
    onTestFinished(() => void socket.destroy());
    await once(socket, 'secureConnect');
    return { socket, shown: fingerprintOf(socket.getPeerX509Certificate()!.raw) };
  };
  const before = await meet();
  expect(before.shown).toBe(fingerprintOf(first.cert));
  server.show(second);
  expect((await meet()).shown).toBe(fingerprintOf(second.cert));
  before.socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  const [answer] = (await once(before.socket, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 404 /);
});

it('lets one machine have so many connections and no more, and closes all of one that is forgotten', async () => {
  const folder = temporaryFolder();
  const certificate = await ownCertificate(folder);
  const store = openMachineStore(join(folder, 'machines.sqlite'));
  onTestFinished(() => store.close());
  const most = MAX_MACHINE_CONNECTIONS + 4;
  let now = 0;
  const limits = { total: most, ofAddress: most };
  const server = await serve(certificate, { machineWith: store.withToken, limits, clock: () => now });
  const joined = (name: string) => store.join(store.invite(0).secret, { name, version: VERSION, tags: [] }, 0)!;
  /** Asks for the roots on a connection of its own, which stays open. */
  async function ask({ token }: { readonly token: string }): Promise<{ socket: TLSSocket; status: string }> {
    const { cert: ca } = certificate;
    const socket = connect({ host: '127.0.0.1', port: server.port, ca, checkServerIdentity: () => undefined });
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => undefined);
    await once(socket, 'secureConnect');
    socket.write(`GET /api/v1/farm/roots HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    return { socket, status: answer.toString().slice(9, 12) };
  }
  const [greedy, other] = [joined('greedy'), joined('other')];
  const kept: TLSSocket[] = [];
  while (kept.length < MAX_MACHINE_CONNECTIONS) {
    const { socket, status } = await ask(greedy);
    expect(status).toBe('200');
    kept.push(socket);
    // Its requests have a limit of their own.
    now += 1_000;
  }
  for (let more = 0; more < 8; more++) {
    const { socket, status } = await ask(greedy);
    expect(status).toBe('503');
    if (!socket.closed) await once(socket, 'close');
  }
  expect((await ask(other)).status).toBe('200');
  expect(kept.filter(({ closed }) => closed)).toEqual([]);
  const ends = kept.map((socket) => once(socket, 'close'));
  server.forget(greedy.id);
  await Promise.all(ends);
  expect((await ask(other)).status).toBe('200');
});
