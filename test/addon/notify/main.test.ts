import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { NOTIFY_METRICS } from '../../../src/addon/notify/catalogue';
import { createAddonOffers } from '../../../src/main/addons/offers/addon-offers';
import type { OperatorRegistry } from '../../../src/main/addons/offers/operator-registry';
import type { Addon } from '../../../src/shared/addons';
import type { Job } from '../../../src/shared/jobs';
import { EMPTY_SNAPSHOT } from '../../helpers/empty-snapshot';
import { httpReceiver, type Received } from '../../helpers/http-receiver';
import { needs } from '../../helpers/needs';
import { sampleJob } from '../../helpers/samples';
import { createFixture, type Fixture } from '../../main/addons/fixture';

const JOB = sampleJob({
  id: 7,
  name: 'shot 010',
  state: 'completed',
  startedAt: 10_000,
  finishedAt: 130_000,
  lastFrame: 48,
  frames: { total: 48, waiting: 0, rendering: 0, done: 47, failed: 1, skipped: 0 },
});

/** The add-on in a process of its own, with a host that knows some jobs and an image of each. */
async function enabled(
  preferences: Record<string, string | number | boolean>,
  jobs: Job[] = [JOB],
  { sandbox = false } = {},
): Promise<Fixture & { readonly operators: OperatorRegistry }> {
  const offers = createAddonOffers({ tell: () => undefined, hasJob: () => true });
  const f = await createFixture(
    {},
    {
      sandbox,
      offers,
      host: {
        snapshot: () => f.snapshot,
        families: async () => [],
        async call(operation, input) {
          const job = operation === 'job.get' && jobs.find(({ id }) => id === (input as { id: number }).id);
          return job
            ? { ok: true, value: job }
            : { ok: false, error: { message: 'There is no such job.', kind: 'not-found' } };
        },
        image: async (_job, frame, size) => ({ bytes: Buffer.from(`frame ${frame} at ${size}`), type: 'image/png' }),
      },
    },
  );
  onTestFinished(() => f.close());
  for (const [key, value] of Object.entries(preferences)) await f.manager.setPreference('notify', key, value);
  const addon = await f.manager.enable('notify');
  expect(addon.reason).toBeNull();
  return Object.assign(f, { operators: offers.operators });
}

const ended = (f: Fixture, job: Job): void =>
  f.emit(job.state === 'completed' ? 'render_complete' : 'render_cancel', {
    job: { id: job.id, name: job.name, state: job.state },
  });
const body = ({ body }: Received) => JSON.parse(body.toString('utf8')) as Record<string, unknown>;
const detail = (addon: Addon, label: string): string | undefined =>
  addon.status?.details.find((entry) => entry.label === label)?.value;

describe('what is told', () => {
  test('a job that is done, with its last image, and then the queue', async () => {
    const { base, got } = await httpReceiver();
    const f = await enabled({ jsonUrl: `${base}/hook` });
    f.emit('load_pre');
    f.emit('load_post');
    ended(f, JOB);
    f.emit('queue_idle');
    f.emit('queue_idle');
    const [job, queue] = (await got(2)).map(body);
    expect(job).toMatchObject({
      kind: 'done',
      title: 'Done: shot 010',
      text: 'shot 010 is done: 47 of 48 frames in 2 min.',
      image: { frame: 48, base64: Buffer.from('frame 48 at 640').toString('base64') },
    });
    expect(queue).toMatchObject({ kind: 'queue-done', image: null, job: null });
    expect(queue!['text']).toMatch(/^Nothing is left to render on .+: 1 jobs done, 0 failed, 0 cancelled\.$/);
    const addon = await f.until('notify', ({ status }) => status?.details[0]?.value.startsWith('2 sent') ?? false);
    expect(addon.status).toMatchObject({ level: 'ok', text: 'Tells JSON.' });
  });

  test('a job that failed, but not one that a person cancelled nor a preview', async () => {
    const { base, got, received } = await httpReceiver();
    const cancelled = { ...JOB, id: 8, state: 'cancelled' } as const;
    const preview = { ...JOB, id: 9, settings: { ...JOB.settings, preview: true } };
    const failed = { ...JOB, id: 10, state: 'failed', reason: 'The disk is full.' } as const;
    const f = await enabled({ jsonUrl: `${base}/hook`, images: false }, [cancelled, preview, failed]);
    for (const job of [cancelled, preview, failed]) ended(f, job);
    await got(1);
    expect(received.map(body)).toMatchObject([
      { kind: 'failed', text: 'shot 010 has failed after 47 of 48 frames. The disk is full.', image: null },
    ]);
  });

  test('a job that stands still, once', async () => {
    const { base, got, received } = await httpReceiver();
    const f = await enabled({ jsonUrl: `${base}/hook`, stalledMinutes: 0.01 });
    f.snapshot = {
      ...EMPTY_SNAPSHOT,
      jobs: [sampleJob({ id: 3, lastFrame: 12, frames: { ...JOB.frames, rendering: 1, done: 12 } })],
    };
    await got(1);
    f.snapshot = EMPTY_SNAPSHOT;
    expect(received.map((request) => body(request)['kind'])).toEqual(['stalled']);
    expect(body(received[0]!)).toMatchObject({ image: { frame: 12 } });
  });
});

describe('a service that is down', () => {
  test('is told about what waited once the add-on is enabled again', async () => {
    let down = true;
    const { base, got } = await httpReceiver((_request, response) => response.writeHead(down ? 503 : 200).end('{}'));
    const f = await enabled({ jsonUrl: `${base}/secret-path` });
    ended(f, JOB);
    await got(1);
    const failing = await f.until('notify', ({ status }) => status?.level === 'warning');
    expect(failing.status!.text).toBe('JSON: The service answered with 503: {}.');
    expect(detail(failing, 'JSON')).toContain('1 waiting.');
    await f.manager.disable('notify');
    const stored = await readFile(join(f.folder, 'addon-storage', 'notify', 'queue.json'), 'utf8');
    expect(stored).toContain('shot 010');
    expect(stored).not.toContain('secret-path');
    down = false;
    await f.manager.enable('notify');
    const [first, second] = await got(2);
    expect(body(second!)['id']).toBe(body(first!)['id']);
    await f.until('notify', (addon) => detail(addon, 'JSON')?.startsWith('1 sent') ?? false);
  });

  test('its secrets are in no log, no panel and no message', async () => {
    const { base } = await httpReceiver(({ url, headers }, response) =>
      response.writeHead(404).end(`nothing at ${url.pathname} for ${headers.authorization}`),
    );
    const f = await enabled({ jsonUrl: `${base}/services/T0AAA/xyzzy`, jsonToken: 'open-sesame' });
    ended(f, JOB);
    await f.logged('notify', 'was not sent to JSON');
    const addon = await f.until('notify', ({ status }) => status?.level === 'warning');
    const everything = JSON.stringify([addon, f.log('notify')]);
    expect(everything).toContain('The service answered with 404: nothing at ••••••');
    expect(everything).not.toMatch(/xyzzy|sesame|T0AAA/);
  });

  test('does not hold up the handlers', async () => {
    const { base, got } = await httpReceiver(() => {});
    const f = await enabled({ jsonUrl: `${base}/hook` });
    ended(f, JOB);
    await got(1);
    for (let i = 0; i < 50; i++) ended(f, JOB);
    // The answer comes when every event before it was handled.
    await f.manager.collectFamilies();
    expect(f.manager.get('notify')).toMatchObject({ handlerErrors: 0, state: 'running' });
    await f.manager.disable('notify');
  });
});

describe('a test message', () => {
  test('goes to every service, and who did not take it is named', async () => {
    const { base, received } = await httpReceiver(({ url }, response) =>
      response.writeHead(url.pathname === '/topic' ? 403 : 200).end('because'),
    );
    const f = await enabled({ jsonUrl: `${base}/hook` });
    const send = () => f.operators.ended(f.operators.run('notify.test', {}).run);
    expect(await send()).toMatchObject({ state: 'done', result: { text: 'JSON took the message.' } });
    expect(body(received[0]!)).toMatchObject({ kind: 'test', job: null, image: null });
    await f.manager.setPreference('notify', 'ntfyUrl', `${base}/topic`);
    await f.manager.setPreference('notify', 'slackUrl', 'nonsense');
    expect(await send()).toMatchObject({
      state: 'failed',
      error:
        'The web hook of Slack is no URL: it begins with https:// or http://. ntfy: The service answered with 403: because. JSON took the message.',
    });
  });

  test('without a service there is none', async () => {
    const f = await enabled({});
    const { state, error } = await f.operators.ended(f.operators.run('notify.test', {}).run);
    expect([state, error]).toEqual(['failed', 'No service is set up yet: name one in Preferences → Add-ons → Notify.']);
  });
});

needs.bubblewrap('in the sandbox', () => {
  test('messages are sent and kept too', async () => {
    let down = true;
    const { base, got } = await httpReceiver((_request, response) => response.writeHead(down ? 503 : 200).end('{}'));
    const f = await enabled({ jsonUrl: `${base.replace('127.0.0.1', 'localhost')}/hook` }, [JOB], { sandbox: true });
    expect(f.manager.get('notify').isolation).toEqual({ level: 'sandboxed', network: 'permitted' });
    ended(f, JOB);
    await got(1);
    await f.manager.disable('notify');
    down = false;
    await f.manager.enable('notify');
    await got(2);
    await f.until('notify', (addon) => detail(addon, 'JSON')?.startsWith('1 sent') ?? false);
  });
});

test('without a service the panel says so, and what is wrong with one', async () => {
  const f = await enabled({});
  expect(f.manager.get('notify').status).toMatchObject({
    level: 'warning',
    text: 'Nobody is told yet: name a service.',
  });
  const addon = await f.manager.setPreference('notify', 'slackUrl', 'not a URL');
  expect(addon.status).toMatchObject({ level: 'error' });
  expect(addon.status!.text).toContain('The web hook of Slack is no URL');
});

test('the manual lists every metric', async () => {
  const manual = await readFile(resolve(import.meta.dirname, '../../../docs/addons/notify.md'), 'utf8');
  for (const { name, type, help, labelNames } of Object.values(NOTIFY_METRICS))
    expect(manual).toContain(
      `| \`${name}\` | ${type} | ${labelNames.map((label) => `\`${label}\``).join(', ')} | ${help} |`,
    );
});

test('its storage is for the owner only', async () => {
  const f = await enabled({});
  const { mode } = await stat(join(f.folder, 'addon-storage', 'notify'));
  expect(mode & 0o077).toBe(0);
});
