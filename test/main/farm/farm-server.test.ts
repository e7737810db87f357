import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { ownCertificate } from '../../../src/main/farm/certificate';
import { MAX_PRESENCES, MAX_REQUESTS } from '../../../src/main/farm/farm-routes';
import { startFarmServer } from '../../../src/main/farm/farm-server';
import { openMachineStore } from '../../../src/main/farm/machine-store';
import type { Tickets } from '../../../src/main/farm/tickets';
import { createTally } from '../../../src/main/jobs/tally';
import { RefusedError, createFarmClient } from '../../../src/main/machine/farm-client';
import { VERSION } from '../../../src/main/version';
import { presenceAnswerSchema } from '../../../src/shared/farm';
import { rootOffersSchema } from '../../../src/shared/farm-files';
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

it('tells a machine that asks more often than it needs to that it has to wait a second, and no other', async () => {
  const folder = temporaryFolder();
  const certificate = await ownCertificate(folder);
  const store = openMachineStore(join(folder, 'machines.sqlite'));
  onTestFinished(() => store.close());
  let now = 0;
  const server = await startFarmServer({
    listen: { host: '127.0.0.1', port: 0 },
    certificate,
    join: async () => null,
    machineWith: store.withToken,
    hear: () => ({ refusal: null, roots: [], void: [] }),
    tickets: {} as Tickets,
    tally: createTally(),
    roots: () => [],
    clock: () => now,
    onFault: (error) => expect.unreachable(String(error)),
  });
  onTestFinished(() => server.close());
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
