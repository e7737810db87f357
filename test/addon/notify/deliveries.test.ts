import { once } from 'node:events';
import { EventEmitter } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { testNotice } from '../../../src/addon/notify/compose';
import { createDeliveries, type Deliveries, type DeliveryOutcome } from '../../../src/addon/notify/deliveries';
import type { Notice } from '../../../src/addon/notify/notice';
import { createQueueFile, MAX_WAITING } from '../../../src/addon/notify/queue-file';
import { DeliveryError, type Service, type ServiceName } from '../../../src/addon/notify/services/service';
import { temporaryFolder } from '../../helpers/temporary-folder';

interface Setup {
  readonly deliveries: Deliveries;
  readonly outcomes: { readonly service: ServiceName; readonly title: string; readonly outcome: DeliveryOutcome }[];
  /** Settles with the next outcome. */
  next(): Promise<DeliveryOutcome>;
}

async function setup(
  services: Partial<Record<ServiceName, Service['send']>>,
  { folder = temporaryFolder(), firstBackoff = 5, now = Date.now, image = null as Uint8Array | null } = {},
): Promise<Setup> {
  const outcomes: Setup['outcomes'] = [];
  const told = new EventEmitter();
  const file = createQueueFile(folder, (reason) => expect.fail(reason));
  const deliveries = createDeliveries(
    {
      file,
      service: (name) => {
        const send = services[name];
        return send && { name, takesImages: true, send };
      },
      image: async () => image && { bytes: image, type: 'image/png' },
      outcome(service, { title }, outcome) {
        outcomes.push({ service, title, outcome });
        told.emit('outcome', outcome);
      },
      changed: () => {},
      redact: (text) => text.replaceAll('hunter2', '••••••'),
      now,
      firstBackoff,
    },
    await file.load(),
  );
  onTestFinished(() => deliveries.close());
  return { deliveries, outcomes, next: async () => (await once(told, 'outcome'))[0] as DeliveryOutcome };
}

const notice = (title: string): Notice => ({ ...testNotice('box', Date.now()), title });
const pictured = (title: string): Notice => ({ ...notice(title), image: { job: 1, frame: 1 } });

describe('messages that wait', () => {
  test('are sent in order, each once', async () => {
    const sent: string[] = [];
    const { deliveries, next } = await setup({ json: async ({ title }) => void sent.push(title) });
    for (const title of ['a', 'b', 'c']) deliveries.add(notice(title), ['json']);
    while (sent.length < 3) await next();
    expect(sent).toEqual(['a', 'b', 'c']);
    expect(deliveries.waiting('json')).toBe(0);
  });

  test('one that fails is tried again; a final failure is given up, and the next one goes', async () => {
    let attempts = 0;
    const { deliveries, outcomes, next } = await setup({
      json: async ({ title }) => {
        if (title === 'never') throw new DeliveryError('no such hook', { permanent: true });
        if (++attempts < 3) throw new DeliveryError('down');
      },
    });
    deliveries.add(notice('late'), ['json']);
    deliveries.add(notice('never'), ['json']);
    deliveries.add(notice('last'), ['json']);
    while (outcomes.length < 5) await next();
    expect(outcomes.map(({ title, outcome }) => `${title} ${outcome.result}`)).toEqual([
      'late retried',
      'late retried',
      'late sent',
      'never failed',
      'last sent',
    ]);
  });

  test('a service that hangs holds up no other one, and the end of the add-on ends the attempt', async () => {
    const { deliveries, outcomes, next } = await setup({
      slack: (_notice, _image, signal) => once(signal, 'abort').then(() => signal.throwIfAborted()),
      json: async () => {},
    });
    deliveries.add(notice('a'), ['slack', 'json']);
    await next();
    expect(outcomes).toMatchObject([{ service: 'json', outcome: { result: 'sent' } }]);
    await deliveries.close();
    expect(outcomes).toHaveLength(1);
    expect(deliveries.waiting('slack')).toBe(1);
  });

  test('survive the end of the add-on', async () => {
    const folder = temporaryFolder();
    const first = await setup(
      {
        json: async () => {
          throw new DeliveryError('down');
        },
      },
      { folder, firstBackoff: 1_000_000 },
    );
    first.deliveries.add(notice('kept'), ['json']);
    await first.next();
    await first.deliveries.close();
    const sent: string[] = [];
    const second = await setup({ json: async ({ title }) => void sent.push(title) }, { folder });
    await second.next();
    expect(sent).toEqual(['kept']);
    await second.deliveries.close();
    expect(await readFile(join(folder, 'queue.json'), 'utf8')).toBe('[]');
  });

  test('are as many as allowed: the oldest that is not under way is given up', async () => {
    const { deliveries, outcomes } = await setup({
      json: (_notice, _image, signal) => once(signal, 'abort').then(() => signal.throwIfAborted()),
    });
    for (let i = 0; i <= MAX_WAITING; i++) deliveries.add(notice(`n${i}`), ['json']);
    expect(deliveries.waiting('json')).toBe(MAX_WAITING);
    expect(outcomes).toMatchObject([{ title: 'n1', outcome: { result: 'failed' } }]);
  });

  test('are given up after a day, and when their service is gone', async () => {
    const old = { ...notice('old'), time: Date.now() - 25 * 3_600_000 };
    const { deliveries, outcomes, next } = await setup({ json: async () => {} });
    deliveries.add(old, ['json']);
    await next();
    deliveries.add(notice('gone'), ['slack']);
    await next();
    expect(outcomes.map(({ outcome }) => outcome)).toEqual([
      { result: 'failed', reason: 'It could not be sent for 24 hours.' },
      { result: 'failed', reason: 'The service is not set up any more.' },
    ]);
  });

  test('an image that is refused does not cost the message', async () => {
    const images: boolean[] = [];
    const { deliveries, next } = await setup(
      {
        json: async (_notice, image) => {
          images.push(image !== null);
          if (image) throw new DeliveryError('too large', { permanent: true, imageRefused: true });
        },
      },
      { image: new Uint8Array(1) },
    );
    deliveries.add(pictured('a'), ['json']);
    expect(await next()).toMatchObject({ result: 'sent' });
    expect(images).toEqual([true, false]);
  });

  test('a change of preferences tries again at once', async () => {
    let down = true;
    const { deliveries, next } = await setup(
      {
        json: async () => {
          if (down) throw new DeliveryError('down', { retryAfter: 1_000_000 });
        },
      },
      { firstBackoff: 1_000_000 },
    );
    deliveries.add(notice('a'), ['json']);
    expect(await next()).toMatchObject({ result: 'retried' });
    down = false;
    deliveries.retry();
    expect(await next()).toMatchObject({ result: 'sent' });
  });

  test('reasons hold no secrets', async () => {
    const { deliveries, next } = await setup({
      json: async () => {
        throw new DeliveryError('the password hunter2 is wrong', { permanent: true });
      },
    });
    deliveries.add(notice('a'), ['json']);
    expect(await next()).toEqual({ result: 'failed', reason: 'the password •••••• is wrong' });
  });
});

describe('the queue file', () => {
  test.each(['', '{', '[{"service":"pigeon"}]', 'null'])('%j is set aside with a sentence', async (text) => {
    const folder = temporaryFolder();
    await writeFile(join(folder, 'queue.json'), text);
    const file = createQueueFile(folder, () => {});
    await expect(file.load()).rejects.toThrow('The messages that waited cannot be read');
    expect(await readFile(join(folder, 'queue.json.unreadable'), 'utf8')).toBe(text);
    expect(await file.load()).toEqual([]);
  });

  test('one of any size is not read', async () => {
    const folder = temporaryFolder();
    await writeFile(join(folder, 'queue.json'), Buffer.alloc(17 * 1024 * 1024));
    await expect(createQueueFile(folder, () => {}).load()).rejects.toThrow('too large');
  });
});
