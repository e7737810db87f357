import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { connect } from '../../../src/main/farm/bullmq/connection';
import { type FarmClient, RefusedError, createFarmClient } from '../../../src/main/machine/farm-client';
import type { Identity } from '../../../src/main/machine/join';
import { RESULT_HEADER, contentDigest, presenceAnswerSchema } from '../../../src/shared/farm';
import { storedBytesSchema } from '../../../src/shared/farm-files';
import { parseExposition } from '../../helpers/exposition';
import { freePort } from '../../helpers/free-port';
import { needs } from '../../helpers/needs';
import { makePng } from '../../helpers/png';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { type TestMachine, joinMachines, startManager } from './farm-fixture';

const NEVER = new AbortController().signal;
const RESULT = { outcome: 'rendered', files: [{ view: '' }], seconds: 1, peakBytes: null, warnings: [], log: [] };

function identityOf({ dataFolder }: TestMachine): Identity {
  return JSON.parse(readFileSync(join(dataFolder, 'machine', 'identity.json'), 'utf8')) as Identity;
}

/** Asks as a machine does, or with another token. */
function clientOf({ url, certificate, token }: Identity, other?: string): FarmClient {
  const client = createFarmClient(url, certificate, other ?? token);
  onTestFinished(() => client.close());
  return client;
}

function deliver(
  client: FarmClient,
  lease: number,
  bytes: Buffer,
  digest = digestOf(bytes),
  more: Readonly<Record<string, string>> = {},
): Promise<IncomingHttpHeaders> {
  const headers = {
    ...more,
    'content-type': 'application/octet-stream',
    'content-length': bytes.length,
    'content-digest': digest,
  };
  return client.send('PUT', `/leases/${lease}/files/0`, { body: Readable.from([bytes]), headers }, NEVER);
}

const digestOf = (bytes: Buffer): string => contentDigest(createHash('sha256').update(bytes).digest('hex'));

/** HTTP status of a refusal. */
async function statusOf(refused: Promise<unknown>): Promise<number | unknown> {
  try {
    await refused;
    return 'not refused';
  } catch (error) {
    return error instanceof RefusedError ? error.status : error;
  }
}

needs.redis('a machine of a farm', () => {
  it('delivers for its own live leases, whole, and nowhere else', async () => {
    const folder = temporaryFolder();
    const manager = await startManager(folder);
    const [left, right] = await joinMachines(manager, folder, ['left', 'right']);
    const job = await manager.submit(1, 60_000);
    const [holder] = await manager
      .machinesWhere((list) => list.some(({ frames }) => frames === 1))
      .then((list) => list.filter(({ frames }) => frames === 1));
    const [own, foreign] = holder!.name === 'left' ? [left!, right!] : [right!, left!];
    const frames = join(own.dataFolder, 'machine', 'frames');
    await manager.machinesWhere(() => readdirSync(frames).length === 1);
    const lease = Number(readdirSync(frames)[0]!.replace('lease-', ''));
    const bytes = Buffer.from('no image');

    expect(await statusOf(deliver(clientOf(identityOf(foreign)), lease, bytes))).toBe(409);
    expect(await statusOf(deliver(clientOf(identityOf(own)), lease + 1, bytes))).toBe(409);
    expect(await statusOf(deliver(clientOf(identityOf(own), 'x'.repeat(40)), lease, bytes))).toBe(401);
    const client = clientOf(identityOf(own));
    expect(await statusOf(deliver(client, lease, bytes, digestOf(Buffer.from('another'))))).toBe(422);
    expect(await statusOf(client.ask('POST', `/leases/${lease}/result`, RESULT, z.unknown()))).toBe(424);
    const images = workFolder(join(folder, 'images-1'), job.id, lease);
    expect(readdirSync(images)).toEqual([]);
    // A result that can't be read, and one that lists a file more.
    for (const [told, status] of [
      ['no JSON', 422],
      ['{}', 422],
      [JSON.stringify({ ...RESULT, files: [{ view: '' }, { view: 'b' }] }), 424],
    ] as const)
      expect(await statusOf(deliver(client, lease, bytes, undefined, { [RESULT_HEADER]: told }))).toBe(status);
    await deliver(client, lease, bytes);
    expect(readdirSync(images)).toEqual(['delivered-0']);
    expect(await statusOf(client.ask('POST', `/leases/${lease + 1}/result`, RESULT, z.unknown()))).toBe(409);
    expect(await statusOf(clientOf(identityOf(foreign)).read(`/scenes/${'0'.repeat(64)}`, NEVER))).toBe(409);

    await manager.call('job.cancel', { id: job.id });
    expect(await statusOf(deliver(client, lease, bytes))).toBe(409);
    await manager.machinesWhere(() => readdirSync(join(folder, 'images-1')).length === 0);
  });

  it('that got no answer to its last file is told that it was taken, and counts once', async () => {
    const folder = temporaryFolder();
    const manager = await startManager(folder);
    const address = `127.0.0.1:${await freePort()}`;
    await manager.call('preferences.set', { key: 'addons.prometheus.address', value: address });
    await manager.call('addon.enable', { id: 'prometheus' });
    const counted = async (machine: string): Promise<unknown> => {
      const { samples } = parseExposition(await (await fetch(`http://${address}/metrics`)).text());
      return ['delivered_bytes', 'deliveries_refused'].map(
        (name) =>
          samples.find((one) => one.name === `framegauge_machine_${name}_total` && one.labels['machine'] === machine)
            ?.value,
      );
    };
    const [left, right] = await joinMachines(manager, folder, ['left', 'right']);
    await manager.call('machine.pause', { id: identityOf(right!).id, after: 'now' });
    const job = await manager.submit(1, 60_000);
    const frames = join(left!.dataFolder, 'machine', 'frames');
    await manager.machinesWhere(() => readdirSync(frames).length === 1);
    const lease = Number(readdirSync(frames)[0]!.replace('lease-', ''));
    const client = clientOf(identityOf(left!));
    const image = makePng(16, 8);
    const told = { [RESULT_HEADER]: JSON.stringify(RESULT) };
    const to = `/leases/${lease}/files/0`;
    const post = (body: object): Promise<unknown> =>
      statusOf(client.ask('POST', `/leases/${lease}/result`, body, z.unknown()));

    expect((await deliver(client, lease, image))[RESULT_HEADER]).toBeUndefined();
    expect((await deliver(client, lease, image, undefined, told))[RESULT_HEADER]).toBe('taken');
    expect(await manager.ended(job.id)).toMatchObject({ state: 'completed' });
    const digest = { 'content-digest': digestOf(image) };
    expect(await client.get(to, digest, storedBytesSchema, NEVER)).toEqual({ bytes: image.length });
    for (const more of [told, { 'upload-offset': String(image.length) }]) {
      const rest = 'upload-offset' in more ? Buffer.alloc(0) : image;
      expect((await deliver(client, lease, rest, digestOf(image), more))[RESULT_HEADER]).toBe('taken');
    }
    expect(await post(RESULT)).toBe('not refused');
    await expect.poll(() => counted('left')).toEqual([image.length, 0]);

    // Another result, other bytes, and another machine.
    expect(await post({ ...RESULT, seconds: 2 })).toBe(409);
    expect(await statusOf(deliver(client, lease, Buffer.from('no image')))).toBe(409);
    expect(await statusOf(deliver(clientOf(identityOf(right!)), lease, image, undefined, told))).toBe(409);
    await expect.poll(() => counted('left')).toEqual([image.length, 1]);
    await expect.poll(() => counted('right')).toEqual([0, 1]);
    expect(readdirSync(join(folder, 'images-1'))).toEqual(['0001.png']);
  });

  it('goes on with files where they broke off, in both directions', async () => {
    const folder = temporaryFolder();
    const manager = await startManager(folder);
    const [left] = await joinMachines(manager, folder, ['left']);
    const job = await manager.submit(1, 60_000);
    const frames = join(left!.dataFolder, 'machine', 'frames');
    await manager.machinesWhere(() => readdirSync(frames).length === 1);
    const lease = Number(readdirSync(frames)[0]!.replace('lease-', ''));
    const images = workFolder(join(folder, 'images-1'), job.id, lease);
    const client = clientOf(identityOf(left!));

    const bytes = Buffer.from('an image, some day');
    const to = `/leases/${lease}/files/0`;
    const digest = { 'content-digest': digestOf(bytes) };
    const sent = { ...digest, 'content-type': 'application/octet-stream' };
    const hanging = new PassThrough();
    const given = statusOf(
      client.send('PUT', to, { body: hanging, headers: { ...sent, 'content-length': 18 } }, NEVER),
    );
    hanging.write(bytes.subarray(0, 8));
    const stored = (): number[] =>
      existsSync(images)
        ? readdirSync(images).map((name) => statSync(join(images, name), { throwIfNoEntry: false })?.size ?? 0)
        : [];
    await manager.machinesWhere(() => stored()[0] === 8);
    expect(await client.get(to, digest, storedBytesSchema, NEVER)).toEqual({ bytes: 8 });
    expect(await given).not.toBe('not refused');
    const rest = { body: Readable.from([bytes.subarray(8)]), headers: { ...sent, 'content-length': 10 } };
    await client.send('PUT', to, { ...rest, headers: { ...rest.headers, 'upload-offset': 8 } }, NEVER);
    expect(readFileSync(join(images, 'delivered-0'))).toEqual(bytes);
    expect(await client.get(to, digest, storedBytesSchema, NEVER)).toEqual({ bytes: 18 });

    const [copy] = readdirSync(join(left!.dataFolder, 'machine', 'cache', 'scenes')).filter((name) =>
      /^\w+$/.test(name),
    );
    const scene = readFileSync(job.settings.scene);
    const textFrom = async (from: number): Promise<string> =>
      (await client.receive(`/scenes/${copy}/files/0`, NEVER, from))
        .toArray()
        .then((parts) => Buffer.concat(parts as Buffer[]).toString());
    expect(await textFrom(0)).toBe(scene.toString());
    expect(await textFrom(7)).toBe(scene.subarray(7).toString());
    expect(await statusOf(textFrom(scene.length))).toBe(416);
  });

  it('uses its own queue, and nothing else of the server', async () => {
    const folder = temporaryFolder();
    const manager = await startManager(folder);
    const [left, right] = await joinMachines(manager, folder, ['left', 'right']);
    const { queue, url } = identityOf(left!);
    const { username, password, port, certificate } = queue;
    const own = identityOf(left!).id;
    const other = identityOf(right!).id;
    const redis = connect({ host: new URL(url).hostname, port, username, password, tls: { ca: certificate } }, 'wait');
    onTestFinished(() => redis.disconnect());
    expect(await redis.hgetall(`framegauge:${own}:meta`)).not.toEqual({});
    const others: readonly (readonly [string, ...string[]])[] = [
      ['hgetall', `framegauge:${other}:meta`],
      ['lpush', `framegauge:${other}:wait`, 'x'],
      ['eval', `return redis.call('del', KEYS[1])`, '1', `framegauge:${other}:meta`],
      ['eval', `return redis.call('del', 'framegauge:${other}:meta')`, '0'],
      ['publish', `framegauge:${other}:cancel`, '1'],
      ['publish', `framegauge:${own}:cancel`, '1'],
      ['subscribe', `framegauge:${other}:cancel`],
      ['psubscribe', '*'],
      ['keys', '*'],
      ['scan', '0'],
      ['flushall'],
      ['config', 'get', '*'],
      ['acl', 'list'],
      ['acl', 'setuser', username, '~*'],
      ['client', 'list'],
      ['shutdown'],
      ['function', 'list'],
      ['script', 'flush'],
    ];
    for (const [command, ...words] of others)
      await expect(redis.call(command, ...words), [command, ...words].join(' ')).rejects.toThrow(
        /NOPERM|permission|can't access/i,
      );
  });

  it('keeps nobody from the server by a script that never ends', async () => {
    const folder = temporaryFolder();
    const manager = await startManager(folder);
    const [left] = await joinMachines(manager, folder, ['left', 'right']);
    const { id, queue, url } = identityOf(left!);
    const { username, password, port, certificate } = queue;
    const endpoint = { host: new URL(url).hostname, port, username, password, tls: { ca: certificate } };
    const redis = connect(endpoint, 'wait');
    onTestFinished(() => redis.disconnect());
    // Once it has written something, SCRIPT KILL does not end it.
    const loop = `redis.call('set', KEYS[1], 1) while true do end`;
    redis.on('error', () => undefined);
    redis.eval(loop, 1, `framegauge:${id}:x`).catch(() => undefined);
    const refused = new Promise<void>((settle) =>
      redis.on('error', ({ message }) => message.includes('WRONGPASS') && settle()),
    );
    await manager.call('machine.forget', { id });
    await refused;
    const job = await manager.submit(1);
    expect(await manager.ended(job.id)).toMatchObject({ state: 'completed' });
  });

  it('of another version is refused, and told why', async () => {
    const folder = temporaryFolder();
    const manager = await startManager(folder);
    const [old] = await joinMachines(manager, folder, ['old']);
    const client = clientOf(identityOf(old!));
    old!.kill('SIGTERM');
    await old!.ended;
    const presence = {
      session: 'a session',
      version: '0.0.1',
      workers: 1,
      engines: ['flat-colour'],
      queue: true,
      leases: [],
    };
    const answer = await client.ask('PUT', '/presence', presence, presenceAnswerSchema);
    expect(answer.refusal).toMatch(
      /^It runs Framegauge 0\.0\.1, and the manager \S+: install the same version on both\.$/,
    );
    const [listed] = await manager.call('machine.list', {});
    expect(listed).toMatchObject({ name: 'old', state: 'refused', version: '0.0.1', reason: answer.refusal });
  });
});

/** The folder of a try, whose name has the manager's id. */
function workFolder(output: string, job: number, lease: number): string {
  return join(
    output,
    readdirSync(output).find((name) => name.endsWith(`-job-${job}-frame-1-lease-${lease}`))!,
  );
}
