import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Addon } from '../../../src/shared/addons';
import type { AppSnapshot } from '../../../src/shared/addon-protocol';
import { emptyEngineTotals } from '../../../src/shared/totals';
import type { Job } from '../../../src/shared/jobs';
import { createHostMetrics } from '../../../src/main/metrics/host-metrics';
import { needs, pathOf } from '../../helpers/needs';
import { EMPTY_SNAPSHOT } from '../../helpers/empty-snapshot';
import { createFixture, freePort, type Fixture } from '../../main/addons/fixture';
import { sampleJob } from '../../helpers/samples';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (let close = closers.pop(); close; close = closers.pop()) await close();
  vi.unstubAllEnvs();
});

interface Setup {
  readonly f: Fixture;
  readonly port: number;
  readonly fallbackPort: number;
}

/** A manager whose Prometheus add-on asks for a free port of 127.0.0.1; it is not enabled yet. */
async function setup(): Promise<Setup> {
  const [port, fallbackPort] = [await freePort(), await freePort()];
  vi.stubEnv('FRAMEGAUGE_PROMETHEUS_FALLBACK', `127.0.0.1:${fallbackPort}`);
  const f = await createFixture();
  closers.push(() => f.close());
  await f.manager.setPreference('prometheus', 'address', `127.0.0.1:${port}`);
  return { f, port, fallbackPort };
}

async function enabled(): Promise<Setup> {
  const made = await setup();
  const addon = await made.f.manager.enable('prometheus');
  expect(addon.reason).toBeNull();
  expect(addon.state).toBe('running');
  return made;
}

async function scrape(port: number): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { connection: 'close' } });
  expect(response.status).toBe(200);
  return response.text();
}

async function value(port: number, name: string): Promise<number | undefined> {
  const line = new RegExp(`^${name} (.*)$`, 'm').exec(await scrape(port));
  return line ? Number(line[1]) : undefined;
}

async function occupy(port: number): Promise<Server> {
  const server = createServer((socket) => socket.end());
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => release(server));
  return server;
}

const release = (server: Server): Promise<void> => new Promise((resolve) => void server.close(() => resolve()));

const isFree = (port: number): Promise<boolean> =>
  occupy(port).then(
    (server) => release(server).then(() => true),
    () => false,
  );

const detail = (addon: Addon, label: string): string | undefined =>
  addon.status?.details.find((entry) => entry.label === label)?.value;

/** What the host would tell after so many frames, with so many jobs at work. */
function rendered(frames: number, jobs = 0): AppSnapshot {
  const totals = { ...EMPTY_SNAPSHOT.totals, engines: { gltf: { ...emptyEngineTotals(), rendered: frames } } };
  return { ...EMPTY_SNAPSHOT, totals, jobs: Array.from({ length: jobs }, (_, i) => runningJob(i + 1)) };
}

describe('the two metrics', () => {
  test('a scrape has what the host knows at that moment', async () => {
    const { f, port } = await enabled();
    expect(await value(port, 'Blender_Render')).toBe(0);
    expect(await value(port, 'Frame_Counter_total')).toBe(0);
    for (let frame = 1; frame <= 20; frame++) {
      f.snapshot = rendered(frame, 1);
      expect(await value(port, 'Frame_Counter_total')).toBe(frame);
      expect(await value(port, 'Blender_Render')).toBe(1);
    }
    f.snapshot = rendered(20);
    expect(await value(port, 'Blender_Render')).toBe(0);
    expect(await value(port, 'Frame_Counter_total')).toBe(20);
  });

  test('a job that waits or is paused does not count as rendering, several count as one', async () => {
    const { f, port } = await enabled();
    f.snapshot = {
      ...EMPTY_SNAPSHOT,
      jobs: [
        { ...runningJob(1), state: 'queued' },
        { ...runningJob(2), state: 'paused' },
      ],
    };
    expect(await value(port, 'Blender_Render')).toBe(0);
    f.snapshot = rendered(0, 3);
    expect(await value(port, 'Blender_Render')).toBe(1);
  });

  test('both go on after another scene was loaded', async () => {
    const { f, port } = await enabled();
    f.emit('load_pre');
    f.emit('load_post');
    f.snapshot = rendered(1, 1);
    expect(await scrape(port)).toMatch(/^Blender_Render 1$[\s\S]*^Frame_Counter_total 1$/m);
  });

  test('enabled in the middle of a render, the gauge is 1 at once and the counter begins at 0', async () => {
    const { f, port } = await setup();
    f.snapshot = rendered(17, 1);
    await f.manager.enable('prometheus');
    expect(await value(port, 'Blender_Render')).toBe(1);
    expect(await value(port, 'Frame_Counter_total')).toBe(0);
    f.snapshot = rendered(20, 1);
    expect(await value(port, 'Frame_Counter_total')).toBe(3);
  });

  test('a preference takes their names away and brings them back with the same values', async () => {
    const { f, port } = await enabled();
    f.snapshot = rendered(5, 1);
    await f.manager.setPreference('prometheus', 'historicNames', false);
    const text = await scrape(port);
    expect(text).not.toMatch(/Blender_Render|Frame_Counter/);
    expect(text).toContain('framegauge_frames_rendered_total{engine="gltf"} 5\n');
    await f.manager.setPreference('prometheus', 'historicNames', true);
    expect(await scrape(port)).toMatch(/^Blender_Render 1$[\s\S]*^Frame_Counter_total 5$/m);
  });

  async function scrapeWithHost(): Promise<string> {
    const { f, port } = await setup();
    f.families = await createHostMetrics().families();
    await f.manager.enable('prometheus');
    return scrape(port);
  }

  test('are served with the process metrics of the host, not of the add-on', async () => {
    const text = await scrapeWithHost();
    expect(text).toContain(
      '# HELP Blender_Render Rendering processes\n# TYPE Blender_Render gauge\nBlender_Render 0\n',
    );
    expect(text).toContain(
      '# HELP Frame_Counter_total Number of frames rendered\n# TYPE Frame_Counter_total counter\nFrame_Counter_total 0\n',
    );
    const started = Number(/^process_start_time_seconds (.*)$/m.exec(text)![1]);
    expect(Math.abs(started - (Date.now() / 1000 - process.uptime()))).toBeLessThan(2);
    expect(text.match(/^process_cpu_user_seconds_total /gm)).toHaveLength(1);
  });

  needs.promtool('checked by promtool', () => {
    test('no fault is found but the known names', async () => {
      const promtool = spawnSync(pathOf('promtool'), ['check', 'metrics'], {
        input: await scrapeWithHost(),
        encoding: 'utf8',
      });
      const complaints = (promtool.stderr + promtool.stdout).split('\n').filter(Boolean);
      const known = /^(Frame_Counter_total|nodejs_active_(handles|requests|resources)_total) /;
      expect(complaints.filter((line) => !known.test(line))).toEqual([]);
    });
  });
});

describe('Address:port', () => {
  test('a change moves the server and frees the old port', async () => {
    const { f, port } = await enabled();
    const next = await freePort();
    const addon = await f.manager.setPreference('prometheus', 'address', `127.0.0.1:${next}`);
    expect(detail(addon, 'Requested')).toBe(`127.0.0.1:${next}`);
    expect(detail(addon, 'Effective')).toBe(`127.0.0.1:${next}`);
    expect(addon.status).toMatchObject({ level: 'ok', details: [{}, { href: `http://127.0.0.1:${next}/metrics` }] });
    expect(await value(next, 'Frame_Counter_total')).toBe(0);
    expect(await isFree(port)).toBe(true);
  });

  test('still works after another scene was loaded', async () => {
    const { f } = await enabled();
    f.emit('load_pre');
    f.emit('load_post');
    const next = await freePort();
    await f.manager.setPreference('prometheus', 'address', `127.0.0.1:${next}`);
    expect(await value(next, 'Frame_Counter_total')).toBe(0);
  });

  test.each(['nonsense', '127.0.0.1:99999', 'no.such.host.invalid:1', '127.0.0.1:8003abc', '203.0.113.7:8000'])(
    '%s falls back and says why',
    async (address) => {
      const { f, fallbackPort, port } = await enabled();
      f.snapshot = rendered(1);
      const addon = await f.manager.setPreference('prometheus', 'address', address);
      expect(addon).toMatchObject({ state: 'running', status: { level: 'warning' }, preferences: { address } });
      expect(detail(addon, 'Requested')).toBe(address);
      expect(detail(addon, 'Effective')).toBe(`127.0.0.1:${fallbackPort}`);
      expect(detail(addon, 'Reason')).toMatch(/\w/);
      expect(await value(fallbackPort, 'Frame_Counter_total')).toBe(1);
      expect(await isFree(port)).toBe(true);
      expect(f.log('prometheus').join('\n')).toContain('The metrics are served on');
    },
  );

  test('a fallback for every machine is told in the panel and as a metric; the preference narrows it, or takes it away', async () => {
    const [port, fallbackPort] = [await freePort(), await freePort()];
    vi.stubEnv('FRAMEGAUGE_PROMETHEUS_FALLBACK', `0.0.0.0:${fallbackPort}`);
    const f = await createFixture(
      {},
      { stored: { prometheus: { enabled: false, values: { address: `127.0.0.1:${port}` } } } },
    );
    closers.push(() => f.close());
    await occupy(port);
    await f.manager.enable('prometheus');
    const addon = await f.until('prometheus', ({ status }) => status !== null);
    expect(addon.status).toMatchObject({
      level: 'warning',
      text: `Every machine of the network can read the metrics now. Serving metrics on 0.0.0.0:${fallbackPort} instead. Another program listens on 127.0.0.1:${port}.`,
    });
    expect(detail(addon, 'Reachable')).toBe('Every machine of the network can read them now.');
    expect(f.log('prometheus').join('\n')).toContain('Every machine of the network can read them now.');
    expect(await value(fallbackPort, 'framegauge_exporter_widened')).toBe(1);
    const narrowed = await f.manager.setPreference('prometheus', 'fallback', 'loopback');
    expect(detail(narrowed, 'Effective')).toBe(`127.0.0.1:${fallbackPort}`);
    expect(detail(narrowed, 'Reachable')).toBeUndefined();
    expect(await value(fallbackPort, 'framegauge_exporter_widened')).toBe(0);
    const none = await f.manager.setPreference('prometheus', 'fallback', 'none');
    expect(none.status).toMatchObject({
      level: 'error',
      text: expect.stringContaining('There is no fallback') as unknown,
    });
    expect(await isFree(fallbackPort)).toBe(true);
  });

  test('in use at the start: enabling works, the fallback serves, and it moves when the port is free', async () => {
    const { f, port, fallbackPort } = await setup();
    const other = await occupy(port);
    const addon = await f.manager.enable('prometheus');
    expect(addon.state).toBe('running');
    expect(await value(fallbackPort, 'Blender_Render')).toBe(0);
    await release(other);
    await f.until('prometheus', ({ status }) => status?.level === 'ok');
    expect(await value(port, 'Blender_Render')).toBe(0);
  });

  test('both ports in use: it runs without a server, says so, counts on, and serves when it can', async () => {
    const { f, port, fallbackPort } = await setup();
    const [other] = [await occupy(port), await occupy(fallbackPort)];
    const addon = await f.manager.enable('prometheus');
    expect(addon).toMatchObject({ state: 'running', status: { level: 'error' } });
    expect(detail(addon, 'Effective')).toBe('none');
    expect(detail(addon, 'Reason')).toContain('The fallback cannot be had either');
    f.snapshot = rendered(1);
    await release(other);
    await f.until('prometheus', ({ status }) => status?.level === 'ok');
    expect(await value(port, 'Frame_Counter_total')).toBe(1);
  });
});

describe('disabling', () => {
  test('frees the port and starts the counter anew, twenty times over, with connections held open', async () => {
    const { f, port } = await setup();
    for (let i = 0; i < 20; i++) {
      expect((await f.manager.enable('prometheus')).state).toBe('running');
      expect(await value(port, 'Frame_Counter_total')).toBe(0);
      f.snapshot = rendered(i + 1);
      expect(await value(port, 'Frame_Counter_total')).toBe(1);
      const kept = await fetch(`http://127.0.0.1:${port}/metrics`);
      await kept.text();
      expect((await f.manager.disable('prometheus')).state).toBe('off');
      expect(await isFree(port)).toBe(true);
    }
  });

  test('does not wait for a connection that says nothing', async () => {
    const { f, port } = await enabled();
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    closers.push(() => socket.destroy());
    await once(socket, 'connect');
    // It would wait for ever.
    await f.manager.disable('prometheus');
    expect(await isFree(port)).toBe(true);
  });
});

test.skipIf(process.platform !== 'linux')(
  'SIGKILL: it serves again by itself, and no frame is lost or counted twice',
  async () => {
    const { f, port } = await setup();
    f.snapshot = rendered(100);
    await f.manager.enable('prometheus');
    f.snapshot = rendered(107, 1);
    expect(await value(port, 'Frame_Counter_total')).toBe(7);
    process.kill(await addonPid(), 'SIGKILL');
    f.snapshot = rendered(109, 1);
    await f.until('prometheus', ({ state }) => state === 'starting');
    expect(f.manager.get('prometheus').reason).toContain('SIGKILL');
    await f.until('prometheus', ({ state }) => state === 'running');
    const text = await scrape(port);
    expect(text).toMatch(/^Blender_Render 1$[\s\S]*^Frame_Counter_total 9$/m);
    await f.manager.disable('prometheus');
    expect(await isFree(port)).toBe(true);
    await f.manager.enable('prometheus');
    expect(await value(port, 'Frame_Counter_total')).toBe(0);
  },
);

test('a frame is in the first scrape after its being counted', async () => {
  const { f, port } = await enabled();
  await scrape(port);
  for (let frame = 1; frame <= 100; frame++) {
    f.snapshot = rendered(frame);
    expect(await value(port, 'Frame_Counter_total')).toBe(frame);
  }
});

describe('anybody who asks', () => {
  test.each(['/sd', '/metrics'])('for %s as fast as possible does not flood the host', async (path) => {
    const { f, port } = await enabled();
    let asked = 0;
    const { snapshot } = f;
    Object.defineProperty(f, 'snapshot', { get: () => (asked++, snapshot) });
    const began = performance.now();
    const socket = connect(port, '127.0.0.1');
    const requests = 4_000;
    // As many as one connection may have in waiting; with more it is closed.
    const atOnce = 8;
    const ask = (): unknown => socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`.repeat(atOnce));
    ask();
    let answers = '';
    let answered = 0;
    let batch = 0;
    for await (const chunk of socket) {
      answers += String(chunk);
      const more = answers.match(/HTTP\/1\.1 200/g)?.length ?? 0;
      answers = answers.slice(1 - 'HTTP/1.1 200'.length);
      answered += more;
      batch += more;
      if (answered >= requests) break;
      if (batch < atOnce) continue;
      batch -= atOnce;
      setImmediate(ask);
    }
    expect(answered).toBeGreaterThanOrEqual(requests);
    const seconds = (performance.now() - began) / 1000;
    // Of those that wait at once the first one is a look, and the others share the next.
    const looks = (requests / atOnce) * 3;
    expect(asked).toBeLessThanOrEqual(path === '/sd' ? Math.ceil(seconds) + 1 : looks);
    expect(f.manager.get('prometheus')).toMatchObject({ state: 'running', reason: null });
  });
});

test('a host that does not answer is told as framegauge_up 0, before a scraper gives up', async () => {
  const port = await freePort();
  const f = await createFixture(
    {},
    {
      stored: { prometheus: { enabled: false, values: { address: `127.0.0.1:${port}` } } },
      host: {
        snapshot: () => EMPTY_SNAPSHOT,
        families: () => new Promise(() => {}),
        call: () => new Promise(() => {}),
        image: async () => null,
      },
    },
  );
  closers.push(() => f.close());
  await f.manager.enable('prometheus');
  expect(await value(port, 'framegauge_up')).toBe(0);
  // Its own limit, well below the one that every request to the host has.
  await f.logged('prometheus', 'A scrape could not be answered: The host did not answer within 2.5 s.');
});

test('counters of the bundled add-ons are there from 0 on, of what is set up', async () => {
  const { f, port } = await enabled();
  await f.manager.setPreference('notify', 'jsonUrl', 'http://127.0.0.1:9/hook');
  for (const id of ['notify', 'video', 'watch-folder'])
    expect(await f.manager.enable(id)).toMatchObject({ state: 'running' });
  const text = await scrape(port);
  for (const series of [
    'framegauge_notify_sent_total{service="json",kind="done"}',
    'framegauge_notify_failed_total{service="json",kind="test"}',
    'framegauge_notify_retries_total{service="json"}',
    'framegauge_video_made_total{format="gif"}',
    'framegauge_video_failed_total{format="prores"}',
    'framegauge_video_bytes_total{format="h264"}',
    'framegauge_watch_folder_scenes_total{result="refused"}',
    'framegauge_watch_folder_moved_total{to="failed"}',
  ])
    expect(text).toContain(`\n${series} 0\n`);
  expect(text).not.toContain('service="slack",kind');
  await f.manager.setPreference('notify', 'slackUrl', 'https://127.0.0.1:9/hook');
  expect(await scrape(port)).toContain('\nframegauge_notify_sent_total{service="slack",kind="failed"} 0\n');
});

describe('the panel', () => {
  test('shows the last scrape: when, by whom and how long; at most once a second', async () => {
    const { f, port } = await enabled();
    await fetch(`http://127.0.0.1:${port}/metrics`, {
      headers: { connection: 'close', 'user-agent': 'Prometheus/2.42.0' },
    });
    await f.until('prometheus', (addon) => detail(addon, 'Last scrape') !== undefined);
    expect(detail(f.manager.get('prometheus'), 'Last scrape')).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d by 127\.0\.0\.1 \(Prometheus\/2\.42\.0\), in [\d.]+ ms$/,
    );
    const before = f.told.length;
    const began = performance.now();
    for (let i = 0; i < 200; i++) await scrape(port);
    const seconds = (performance.now() - began) / 1000;
    expect(f.told.length - before).toBeLessThanOrEqual(Math.ceil(seconds) + 1);
  });
});

/** Of the one add-on process that this test process has. */
async function addonPid(): Promise<number> {
  const children = (await readFile(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8')).trim().split(' ');
  const pids = [];
  for (const pid of children)
    if ((await readFile(`/proc/${pid}/cmdline`, 'utf8')).includes('bootstrap.js')) pids.push(Number(pid));
  expect(pids).toHaveLength(1);
  return pids[0]!;
}

function runningJob(id: number): Job {
  return sampleJob({
    id,
    name: 'scene',
    startedAt: 0,
    frames: { total: 2, waiting: 2, rendering: 0, done: 0, failed: 0, skipped: 0 },
  });
}
