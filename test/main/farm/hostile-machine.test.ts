import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { openTicketSource } from '../../../src/main/farm/bullmq/bullmq-ticket-source';
import { type FarmClient, RefusedError, createFarmClient } from '../../../src/main/machine/farm-client';
import { provedCertificate } from '../../../src/main/machine/manager-trust';
import { VERSION } from '../../../src/main/version';
import {
  type JoinAnswer,
  PRESENCE_INTERVAL,
  type Ticket,
  contentDigest,
  joinAnswerSchema,
  presenceAnswerSchema,
} from '../../../src/shared/farm';
import { needs } from '../../helpers/needs';
import { makePng } from '../../helpers/png';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { type TestManager, startManager } from './farm-fixture';

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

/** Somebody who knows an invitation's address and certificate. */
async function strangerTo(manager: TestManager): Promise<FarmClient> {
  const { url, token } = await manager.call('machine.invite', {});
  const client = createFarmClient(url, await provedCertificate(url, token.split('.')[1]!), null);
  onTestFinished(() => client.close());
  return client;
}

async function secretOf(manager: TestManager): Promise<string> {
  return (await manager.call('machine.invite', {})).token.split('.')[0]!;
}

/** A program that has joined as a machine, takes tickets and answers as the test likes. */
interface Liar {
  readonly client: FarmClient;
  /** The ticket of the next frame that it gets. */
  next(): Promise<Ticket>;
  /** Delivers a file under a lease. */
  deliver(lease: number, number: number, bytes: Buffer): Promise<void>;
  result(lease: number | string, result: unknown): Promise<unknown>;
}

async function joinLiar(manager: TestManager): Promise<Liar> {
  const { url, token } = await manager.call('machine.invite', {});
  const certificate = await provedCertificate(url, token.split('.')[1]!);
  const join = { secret: token.split('.')[0]!, name: 'liar', version: VERSION };
  const stranger = createFarmClient(url, certificate, null);
  const identity: JoinAnswer = await stranger.ask('POST', '/join', join, joinAnswerSchema);
  stranger.close();
  const client = createFarmClient(url, certificate, identity.token);
  const { port, username, password, certificate: ca } = identity.queue;
  const tickets: Ticket[] = [];
  let come: () => void = () => undefined;
  const under = new Set<number>();
  const source = openTicketSource({
    endpoint: { host: new URL(url).hostname, port, username, password, tls: { ca } },
    id: identity.id,
    workers: 1,
    run(ticket, signal) {
      under.add(ticket.lease);
      tickets.push(ticket);
      come();
      // Its manager frees it for the next one by giving up, or by what the test answers.
      return new Promise((resolve) => {
        const over = (): void => resolve(void under.delete(ticket.lease));
        signal.addEventListener('abort', over);
        ended.set(ticket.lease, over);
      });
    },
    onConnection: () => void tell(),
    onFault: () => undefined,
  });
  const ended = new Map<number, () => void>();
  async function tell(): Promise<void> {
    const presence = {
      session: 'a session of lies',
      version: VERSION,
      workers: 1,
      engines: ['flat-colour'],
      queue: source.connected,
      leases: [...under],
    };
    await client.ask('PUT', '/presence', presence, presenceAnswerSchema).catch(() => null);
  }
  const timer = setInterval(() => void tell(), PRESENCE_INTERVAL);
  onTestFinished(async () => {
    clearInterval(timer);
    await source.close();
    client.close();
  });
  await tell();
  await manager.machinesWhere((list) => list.some(({ name, state }) => name === 'liar' && state === 'idle'));
  return {
    client,
    async next() {
      while (tickets.length === 0) await new Promise<void>((resolve) => (come = resolve));
      return tickets.shift()!;
    },
    async deliver(lease, number, bytes) {
      const headers = {
        'content-type': 'application/octet-stream',
        'content-length': bytes.length,
        'content-digest': contentDigest(createHash('sha256').update(bytes).digest('hex')),
      };
      await client.send('PUT', `/leases/${lease}/files/${number}`, { body: Readable.from([bytes]), headers }, NEVER);
    },
    async result(lease, result) {
      const status = await statusOf(client.ask('POST', `/leases/${lease}/result`, result, z.unknown()));
      if (status === 200) ended.get(Number(lease))?.();
      return status;
    },
  };
}

const rendered = (files: readonly object[], more: object = {}): object => ({
  outcome: 'rendered',
  files,
  seconds: 1,
  peakBytes: null,
  warnings: [],
  log: [],
  ...more,
});

const failed = (more: object): object => ({
  outcome: 'failed',
  reason: 'The paint has run out.',
  final: true,
  kind: 'render',
  failure: 'scene',
  log: [],
  ...more,
});

needs.redis('a farm among strangers', () => {
  it('lets nobody in by a request that is malformed, too large, or wrong, and still those who are invited', async () => {
    const folder = temporaryFolder();
    const manager = await startManager(folder);
    const stranger = await strangerTo(manager);
    const secret = await secretOf(manager);
    const good = { secret, name: 'box', version: VERSION };
    const ask = (body: unknown): Promise<unknown> => statusOf(stranger.ask('POST', '/join', body, joinAnswerSchema));
    const malformed: readonly unknown[] = [
      null,
      [],
      'secret',
      { ...good, secret: 'short' },
      { ...good, secret: 7 },
      { ...good, secret: { $ne: null } },
      { ...good, name: '../manager' },
      { ...good, name: '' },
      { ...good, name: 'x'.repeat(64) },
      { ...good, version: '' },
      { ...good, tags: ['a b'] },
      { ...good, id: '0123456789ab' },
    ];
    for (const body of malformed) expect(await ask(body), JSON.stringify(body)).toBe(422);
    expect(await ask({ ...good, version: 'x'.repeat(20_000) })).toBe(413);
    const send = (body: string, type: string): Promise<unknown> =>
      statusOf(stranger.send('POST', '/join', { body, headers: { 'content-type': type } }, NEVER));
    expect(await send('{', 'application/json')).toBe(400);
    expect(await send(JSON.stringify(good), 'application/octet-stream')).toBe(422);
    expect(await send(JSON.stringify(good), 'text/plain')).toBe(422);
    expect(await send(JSON.stringify(good), 'image/png')).toBe(415);

    for (let guess = 10; guess < 40; guess++)
      expect(await ask({ ...good, secret: `${guess}`.repeat(11) }), String(guess)).toBe(401);
    expect(await ask({ ...good, secret: 'x'.repeat(22) })).toBe(429);
    expect(await manager.call('machine.list', {})).toEqual([]);
    expect(await ask(good)).toBe(200);
    expect(await manager.call('machine.list', {})).toMatchObject([{ name: 'box' }]);
  });

  it('lets one machine in for a secret, however often it is sent, and gives two of one name different ones', async () => {
    const folder = temporaryFolder();
    const manager = await startManager(folder);
    const stranger = await strangerTo(manager);
    const names: string[] = [];
    for (let machine = 0; machine < 2; machine++) {
      const body = { secret: await secretOf(manager), name: 'box', version: VERSION };
      const all = await Promise.allSettled(
        Array.from({ length: 5 }, () => stranger.ask('POST', '/join', body, joinAnswerSchema)),
      );
      const inside = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      expect(inside).toHaveLength(1);
      names.push(inside[0]!.name);
      expect(await statusOf(stranger.ask('POST', '/join', body, joinAnswerSchema))).toBe(401);
    }
    expect(names).toEqual(['box', 'box-2']);
    expect((await manager.call('machine.list', {})).map(({ name }) => name)).toEqual(['box', 'box-2']);
  });
});

needs.redis('a farm among strangers', () => {
  it('closes a connection that does not say who it is', async () => {
    const manager = await startManager(temporaryFolder());
    const { hostname, port } = new URL((await manager.call('machine.invite', {})).url);
    const silent = connect({ host: hostname, port: Number(port) });
    onTestFinished(() => void silent.destroy());
    silent.on('error', () => undefined);
    await once(silent, 'close');
  });
});

needs.redis('a machine that lies', () => {
  it('has no say in leases, frames and paths', async () => {
    const folder = temporaryFolder();
    const manager = await startManager(folder);
    const liar = await joinLiar(manager);
    const job = await manager.submit(1, 0, { attempts: 1 });
    const { lease, frame } = await liar.next();
    expect(frame).toBe(1);
    const image = makePng(16, 8);
    await liar.deliver(lease, 0, image);
    expect(await statusOf(liar.deliver(lease, 64, image))).toBe(422);
    expect(await statusOf(liar.deliver(lease + 1, 0, image))).toBe(409);
    const own = { view: '' };
    for (const other of [lease + 1, lease - 1, 1]) expect(await liar.result(other, rendered([own]))).toBe(409);
    for (const none of [0, -1, 2 ** 60, 'lease', '1e3x'])
      expect(await liar.result(none, rendered([own])), String(none)).toBe(422);
    for (const file of [
      { view: '/../../../evil' },
      { view: '..\\evil' },
      { view: 'a:b' },
      { previewOf: '/../evil' },
      { below: '../evil.png' },
      { below: '/evil.png' },
      { below: 'a/../../evil.png' },
      { path: '/evil.png' },
      { view: '', path: '/evil.png' },
    ])
      expect(await liar.result(lease, rendered([file])), JSON.stringify(file)).toBe(422);
    for (const more of [{ frame: 2 }, { jobId: 7 }, { lease: lease + 1 }, { seconds: -1 }, { log: 'x' }])
      expect(await liar.result(lease, rendered([own], more)), JSON.stringify(more)).toBe(422);
    for (const more of [{ failure: 'too-many' }, { failure: 'images-in-the-way' }, { failure: 'x' }, { kind: 'x' }])
      expect(await liar.result(lease, failed(more)), JSON.stringify(more)).toBe(422);
    expect(await liar.result(lease, rendered([own, own]))).toBe(424);
    expect(await liar.result(lease, failed({ reason: 'x'.repeat(3 * 1024 ** 2) }))).toBe(413);
    // Told for a view that no scene has, which would be another name beside the frame’s.
    expect(await liar.result(lease, rendered([{ view: '0' }]))).toBe(200);
    expect(await manager.ended(job.id)).toMatchObject({ state: 'failed' });
    const [stored] = await manager.call('job.frames', { id: job.id });
    expect(stored).toMatchObject({ state: 'failed', failure: 'image' });
    expect(stored!.reason).toBe('The worker delivered no image.');
    expect(readdirSync(join(folder, 'images-1'))).toEqual([]);
    expect(await liar.result(lease, rendered([own]))).toBe(409);
  });

  it('adds no image and no file to those of a frame', async () => {
    const folder = temporaryFolder();
    const manager = await startManager(folder);
    const liar = await joinLiar(manager);
    const image = makePng(16, 8);
    const beside = await manager.submit(1, 0, { attempts: 1 });
    const first = await liar.next();
    for (const number of [0, 1]) await liar.deliver(first.lease, number, image);
    expect(await liar.result(first.lease, rendered([{ view: '' }, { view: '0' }]))).toBe(200);
    expect(await manager.ended(beside.id)).toMatchObject({ state: 'failed' });
    const [stored] = await manager.call('job.frames', { id: beside.id });
    expect(stored!.reason).toContain('of the view “0”, which the scene did not have');
    expect(readdirSync(join(folder, 'images-1'))).toEqual([]);

    const small = await manager.submit(1, 0, { attempts: 1 });
    const second = await liar.next();
    for (const number of [0, 1]) await liar.deliver(second.lease, number, image);
    expect(await liar.result(second.lease, rendered([{ view: '' }, { previewOf: '' }]))).toBe(200);
    expect(await manager.ended(small.id)).toMatchObject({ state: 'failed' });
    expect(readdirSync(join(folder, 'images-2'))).toEqual([]);

    const job = await manager.submit(1, 0, { attempts: 1 });
    const { lease } = await liar.next();
    const evil = join(folder, 'evil.png');
    for (const number of [0, 1, 2]) await liar.deliver(lease, number, image);
    expect(await liar.result(lease, rendered([{ view: '' }, { file: evil }, { below: 'evil.png' }]))).toBe(200);
    const ended = await manager.ended(job.id);
    expect(ended).toMatchObject({ state: 'completed' });
    expect(ended.warnings.join('\n')).toContain(`A machine sent the file “${evil}”, which the scene does not write`);
    expect(existsSync(evil)).toBe(false);
    expect(readdirSync(join(folder, 'images-3'))).toEqual(['0001.png']);
  });

  it('tells what was wrong with a frame as it would be told here', async () => {
    const folder = temporaryFolder();
    const manager = await startManager(folder);
    const liar = await joinLiar(manager);
    const job = await manager.submit(2, 0, { attempts: 1 });
    const { lease } = await liar.next();
    expect(await liar.result(lease, failed({ failure: 'camera' }))).toBe(200);
    expect(await manager.ended(job.id)).toMatchObject({ state: 'failed', failure: 'camera' });
    const [stored] = await manager.call('job.frames', { id: job.id });
    expect(stored).toMatchObject({ state: 'failed', failure: 'camera', reason: 'The paint has run out.' });
  });
});
