import { describe, expect, test } from 'vitest';
import type { AddonImage } from '../../../src/addon/api/context';
import { jobNotice, testNotice } from '../../../src/addon/notify/compose';
import { createServices } from '../../../src/addon/notify/services/services';
import { DeliveryError, type Service } from '../../../src/addon/notify/services/service';
import { httpReceiver as receiver, type Received } from '../../helpers/http-receiver';
import { sampleJob } from '../../helpers/samples';
import { preferencesOf } from './preferences';

function service(name: string, preferences: Record<string, string>): Service {
  const { ready, problems } = createServices(preferencesOf(preferences));
  expect([...problems.values()]).toEqual([]);
  return [...ready.values()].find((one) => one.name === name)!;
}

const IMAGE: AddonImage = { bytes: new Uint8Array([137, 80, 78, 71, 1, 2, 3]), type: 'image/png' };
const JOB = sampleJob({
  name: 'shot <010> & @everyone',
  state: 'completed',
  finishedAt: 65_000,
  lastFrame: 48,
  frames: { total: 48, waiting: 0, rendering: 0, done: 48, failed: 0, skipped: 0 },
});
const NOTICE = jobNotice('done', JOB, {
  template: '{job}: {done} of {total} in {duration} – ☂',
  host: 'box',
  time: 70_000,
});
const TEXT = 'shot <010> & @everyone: 48 of 48 in 1 min 3 s – ☂';
const never = new AbortController().signal;

const json = (body: Buffer): Record<string, never> => JSON.parse(body.toString('utf8')) as Record<string, never>;

describe('what each service gets', () => {
  test('Slack: text in which nothing has a meaning', async () => {
    const { base, received } = await receiver((_request, response) => response.end('ok'));
    await service('slack', { slackUrl: `${base}/services/T0/B0/abcdef` }).send(NOTICE, null, never);
    expect(received).toMatchObject([{ method: 'POST', url: { pathname: '/services/T0/B0/abcdef' } }]);
    expect(json(received[0]!.body)).toEqual({
      text: `Done: shot &lt;010&gt; &amp; @everyone\n${TEXT.replace('<010> &', '&lt;010&gt; &amp;')}`,
    });
  });

  test('Discord: an embed that mentions nobody, with the image as a file', async () => {
    const { base, received } = await receiver();
    const discord = service('discord', { discordUrl: `${base}/api/webhooks/1/abc` });
    await discord.send(NOTICE, null, never);
    await discord.send(NOTICE, IMAGE, never);
    expect(json(received[0]!.body)).toMatchObject({
      embeds: [{ title: 'Done: shot <010> & @everyone', description: TEXT }],
      allowed_mentions: { parse: [] },
    });
    const form = await new Response(new Uint8Array(received[1]!.body), {
      headers: { 'content-type': received[1]!.headers['content-type']! },
    }).formData();
    expect(JSON.parse(form.get('payload_json') as string)).toMatchObject({
      embeds: [{ image: { url: 'attachment://frame.png' } }],
    });
    const file = form.get('files[0]') as File;
    expect(file).toMatchObject({ name: 'frame.png', type: 'image/png' });
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(IMAGE.bytes);
  });

  test('ntfy: the text as the body, or beside the image', async () => {
    const { base, received } = await receiver();
    const ntfy = service('ntfy', { ntfyUrl: `${base}/my-renders`, ntfyToken: 'tk_secret' });
    await ntfy.send({ ...NOTICE, text: 'one\ntwo ☂' }, null, never);
    await ntfy.send({ ...NOTICE, text: 'one\ntwo ☂' }, IMAGE, never);
    const [plain, pictured] = received as [Received, Received];
    expect(plain).toMatchObject({ method: 'PUT', headers: { authorization: 'Bearer tk_secret' } });
    expect(plain.url.searchParams.get('title')).toBe('Done: shot <010> & @everyone');
    expect(plain.body.toString('utf8')).toBe('one\ntwo ☂');
    expect(pictured.url.pathname).toBe('/my-renders');
    expect(pictured.url.searchParams.get('message')).toBe('one\\ntwo ☂');
    expect(pictured.url.searchParams.get('filename')).toBe('frame.png');
    expect(new Uint8Array(pictured.body)).toEqual(IMAGE.bytes);
  });

  test('Matrix: text, then the uploaded image, each with an id that makes a repetition harmless', async () => {
    const { base, received } = await receiver(({ url }, response) =>
      response.end(url.pathname.includes('upload') ? '{"content_uri":"mxc://example.org/abc"}' : '{"event_id":"$1"}'),
    );
    const matrix = service('matrix', {
      matrixServer: `${base}/hs/`,
      matrixRoom: '!a/b:example.org',
      matrixToken: 'tok',
    });
    await matrix.send(NOTICE, IMAGE, never);
    const room = '/hs/_matrix/client/v3/rooms/!a%2Fb%3Aexample.org/send/m.room.message';
    expect(received.map(({ method, url }) => [method, url.pathname])).toEqual([
      ['PUT', `${room}/${NOTICE.id}`],
      ['POST', '/hs/_matrix/media/v3/upload'],
      ['PUT', `${room}/${NOTICE.id}-image`],
    ]);
    expect(json(received[0]!.body)).toEqual({ msgtype: 'm.text', body: `Done: ${JOB.name}\n${TEXT}` });
    expect(json(received[2]!.body)).toMatchObject({ msgtype: 'm.image', url: 'mxc://example.org/abc' });
    expect(received.every(({ headers }) => headers.authorization === 'Bearer tok')).toBe(true);
  });

  test('JSON: everything that is known', async () => {
    const { base, received } = await receiver();
    await service('json', { jsonUrl: `${base}/hook`, jsonToken: 'tok' }).send(NOTICE, IMAGE, never);
    expect(json(received[0]!.body)).toEqual({
      id: NOTICE.id,
      kind: 'done',
      title: 'Done: shot <010> & @everyone',
      text: TEXT,
      time: '1970-01-01T00:01:10.000Z',
      host: 'box',
      job: {
        id: 1,
        name: JOB.name,
        scene: '/scenes/turntable.glb',
        state: 'completed',
        reason: null,
        frames: { total: 48, done: 48, failed: 0 },
        seconds: 63,
      },
      image: { frame: 48, type: 'image/png', base64: Buffer.from(IMAGE.bytes).toString('base64') },
    });
  });
});

describe('what a service answers', () => {
  const send = async (base: string): Promise<DeliveryError> =>
    service('json', { jsonUrl: `${base}/hook` })
      .send(testNotice('box', 0), null, never)
      .then(
        () => expect.fail('It was taken for a success.'),
        (error: unknown) => error as DeliveryError,
      );

  test.each([
    [400, true],
    [401, true],
    [404, true],
    [408, false],
    [429, false],
    [500, false],
    [503, false],
  ])('%i is final: %s', async (status, permanent) => {
    const { base } = await receiver((_request, response) => response.writeHead(status).end('because'));
    expect(await send(base)).toMatchObject({
      permanent,
      message: `The service answered with ${status}: because.`,
    });
  });

  test('how long it asks to be left alone is kept to, up to an hour', async () => {
    const answers = ['7', '1.5', '999999'];
    const { base } = await receiver((_request, response, { length }) =>
      response.writeHead(429, { 'retry-after': answers[length - 1]! }).end(),
    );
    expect((await send(base)).retryAfter).toBe(7_000);
    expect((await send(base)).retryAfter).toBe(1_500);
    expect((await send(base)).retryAfter).toBe(3_600_000);
  });

  test('a redirect within the host is followed with the same method and body', async () => {
    const { base, received } = await receiver(({ url }, response) =>
      url.pathname === '/hook' ? response.writeHead(308, { location: '/new' }).end() : response.end(),
    );
    await service('json', { jsonUrl: `${base}/hook` }).send(NOTICE, null, never);
    expect(received.map(({ method, url }) => `${method} ${url.pathname}`)).toEqual(['POST /hook', 'POST /new']);
    expect(received[1]!.body).toEqual(received[0]!.body);
  });

  test('a redirect to another host is not followed, nor one that makes it a GET', async () => {
    const other = await receiver();
    const { base } = await receiver((_request, response) =>
      response.writeHead(307, { location: `${other.base}/stolen` }).end(),
    );
    expect(await send(base)).toMatchObject({ permanent: true, message: expect.stringContaining(other.base) as string });
    expect(other.received).toEqual([]);
    const get = await receiver((_request, response) => response.writeHead(302, { location: '/x' }).end());
    expect(await send(get.base)).toMatchObject({ permanent: true });
    expect(get.received).toHaveLength(1);
  });

  test('a redirect that never ends is given up', async () => {
    const { base, received } = await receiver((_request, response) =>
      response.writeHead(307, { location: '/again' }).end(),
    );
    expect(await send(base)).toMatchObject({ permanent: true });
    expect(received.length).toBeLessThan(10);
  });

  test('an answer without end is cut off', async () => {
    const { base } = await receiver((_request, response) => {
      const more = (): void => void (response.destroyed || response.write('x'.repeat(65_536), more));
      more();
    });
    expect((await send(base)).message).toContain('too long');
  });

  test('a connection that is closed, and a port that nobody has, may pass', async () => {
    const { base } = await receiver((_request, response) => response.destroy());
    expect(await send(base)).toMatchObject({ permanent: false });
    expect(await send('http://127.0.0.1:1')).toMatchObject({ permanent: false });
  });
});

describe('what is entered', () => {
  test.each([
    [{ slackUrl: 'hooks.slack.com/x' }, 'The web hook of Slack is no URL'],
    [{ slackUrl: 'file:///etc/passwd' }, 'The web hook of Slack is no URL'],
    [{ jsonUrl: 'https://user:pass@example.org/' }, 'has a user or a password'],
    [{ ntfyUrl: 'https://ntfy.sh/' }, 'The topic of ntfy has no name'],
    [{ matrixServer: 'https://example.org', matrixRoom: '#room:example.org' }, 'is no room id'],
    [{ matrixServer: 'https://example.org', matrixRoom: '!r:example.org' }, 'needs the access token'],
    [{ smtpServer: 'http://mail' }, 'The SMTP server'],
    [{ smtpServer: 'mail', mailFrom: 'a@b.c' }, 'no addresses to send to'],
    [{ smtpServer: 'mail', mailTo: 'a@b.c' }, 'has no sender'],
    [{ smtpServer: 'mail', mailFrom: 'a@b.c', mailTo: 'x@y.z\r\nBcc: all@y.z' }, 'is no e-mail address'],
    [
      { smtpServer: 'mail', smtpSecurity: 'none', smtpUser: 'me', mailFrom: 'a@b.c', mailTo: 'x@y.z' },
      'A password is not sent to mail without encryption',
    ],
  ])('%o is refused with a sentence', (preferences, sentence) => {
    const { ready, problems } = createServices(preferencesOf(preferences as Record<string, string>));
    expect(ready.size).toBe(0);
    expect([...problems.values()].join()).toContain(sentence);
    // URLs are secrets.
    expect([...problems.values()].join()).not.toContain('user:pass');
  });

  test('nothing at all makes no service', () => {
    const { ready, problems } = createServices(preferencesOf({}));
    expect([ready.size, problems.size]).toEqual([0, 0]);
  });
});
