import { realpathSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { openAddonChannel } from '../../../src/main/addons/addon-channel';
import { createAddonOffers } from '../../../src/main/addons/offers/addon-offers';
import { forkAddon } from '../../../src/main/addons/fork-addon';
import { isAlive } from '../../../src/main/processes/is-alive';
import { UserError } from '../../../src/shared/user-error';
import { eventually } from '../../helpers/eventually';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { EMPTY_SNAPSHOT } from '../../helpers/empty-snapshot';
import { createFixture, writeAddon, type Fixture, type TestAddon } from './fixture';

let fixture: Fixture;
afterEach(() => fixture?.close());

async function withAddons(
  addons: Record<string, TestAddon>,
  options: Parameters<typeof createFixture>[1] = {},
): Promise<Fixture> {
  return (fixture = await createFixture(addons, options));
}

/** The process that an add-on wrote to its log as “pid N”. */
function pidOf(f: Fixture, id: string): number {
  const line = f.log(id).findLast((text) => text.startsWith('pid '));
  return Number(line?.slice(4));
}

/** What ends by itself stays ended. */
const NO_RESTARTS = { restarts: { pauses: [] } };

const PLAIN = `export function register(ctx) { ctx.log.info('pid ' + process.pid); ctx.status({ level: 'ok', text: 'here' }); }
export function unregister() { console.log('unregistered'); }`;

describe('enabling and disabling', () => {
  test('an add-on goes through off, starting, running, stopping and off, and what is stored follows', async () => {
    const f = await withAddons({ plain: { main: PLAIN } });
    expect(f.manager.get('plain')).toMatchObject({ state: 'off', enabled: false, bundled: false, reason: null });
    expect(await f.manager.enable('plain')).toMatchObject({ state: 'running', enabled: true });
    expect(f.stored.get('plain')).toMatchObject({ enabled: true, values: {} });
    await f.until('plain', (addon) => addon.status?.text === 'here');
    const pid = pidOf(f, 'plain');
    expect(isAlive(pid)).toBe(true);
    expect(await f.manager.disable('plain')).toMatchObject({ state: 'off', enabled: false, status: null });
    expect(isAlive(pid)).toBe(false);
    expect(f.stored.get('plain')).toMatchObject({ enabled: false, values: {} });
    expect(f.log('plain')).toContain('unregistered');
    await f.until('plain', () => f.told.at(-1)?.find((addon) => addon.manifest.id === 'plain')?.state === 'off');
    const states = f.told.map((list) => list.find((addon) => addon.manifest.id === 'plain')!.state);
    expect(states[0]).toBe('starting');
    expect(states.at(-1)).toBe('off');
  });

  test('operations asked for at once are carried out in order, and only one process ever runs', async () => {
    const f = await withAddons({ plain: { main: PLAIN } });
    const { manager } = f;
    const results = await Promise.all([
      manager.enable('plain'),
      manager.enable('plain'),
      manager.disable('plain'),
      manager.enable('plain'),
      manager.disable('plain'),
      manager.enable('plain'),
    ]);
    expect(results.map((addon) => addon.state)).toEqual(['running', 'running', 'off', 'running', 'off', 'running']);
    expect(f.log('plain').filter((line) => line.startsWith('pid ')).length).toBe(3);
    expect(isAlive(pidOf(f, 'plain'))).toBe(true);
  });

  test('twenty times over', async () => {
    const f = await withAddons({ plain: { main: PLAIN } });
    const pids: number[] = [];
    for (let i = 0; i < 20; i++) {
      expect((await f.manager.enable('plain')).state).toBe('running');
      pids.push(pidOf(f, 'plain'));
      expect((await f.manager.disable('plain')).state).toBe('off');
    }
    expect(new Set(pids).size).toBe(20);
    expect(pids.filter(isAlive)).toEqual([]);
  });

  test('those that are stored as enabled start with the host; close stops them and leaves what is stored', async () => {
    const f = await withAddons(
      { one: { main: PLAIN }, two: { main: PLAIN } },
      { stored: { one: { enabled: true, values: {} } } },
    );
    await f.manager.startEnabled();
    expect(f.manager.get('one').state).toBe('running');
    expect(f.manager.get('two').state).toBe('off');
    const pid = pidOf(f, 'one');
    await f.manager.close();
    expect(isAlive(pid)).toBe(false);
    expect(f.manager.get('one')).toMatchObject({ state: 'off', enabled: true });
    expect(f.stored.get('one')).toMatchObject({ enabled: true, values: {} });
    await expect(f.manager.enable('two')).rejects.toThrow('closing');
  });

  test('an add-on that does not exist is refused with the list of those that do', async () => {
    const f = await withAddons({ plain: { main: PLAIN } });
    await expect(f.manager.enable('nothing')).rejects.toThrow(
      /no add-on “nothing”: choose one of .*prometheus, .*plain/,
    );
    await expect(f.manager.enable('nothing')).rejects.toBeInstanceOf(UserError);
  });
});

describe('what goes wrong in an add-on', () => {
  test('register throws: it is off again with the reason, and nothing of it is left', async () => {
    const f = await withAddons({
      bad: {
        main: `import { createServer } from 'node:net';
          export async function register(ctx) {
            ctx.log.info('pid ' + process.pid);
            const server = createServer().listen(0, '127.0.0.1');
            ctx.onDispose(() => { server.close(); console.log('released server'); });
            ctx.onDispose(() => console.log('released second'));
            throw new Error('the moon is in the wrong place');
          }`,
      },
    });
    expect(await f.manager.enable('bad')).toMatchObject({
      state: 'failed',
      enabled: false,
      reason: 'the moon is in the wrong place',
    });
    expect(f.stored.get('bad')?.enabled ?? false).toBe(false);
    expect(isAlive(pidOf(f, 'bad'))).toBe(false);
    expect(f.log('bad').filter((line) => line.startsWith('released'))).toEqual(['released second', 'released server']);
    // It can be tried again.
    expect((await f.manager.enable('bad')).state).toBe('failed');
    expect((await f.manager.disable('bad')).state).toBe('off');
  });

  test('its main module has no register, or cannot be read', async () => {
    const f = await withAddons({
      empty: { main: 'export const x = 1;' },
      broken: { main: 'export function register( {' },
    });
    expect((await f.manager.enable('empty')).reason).toContain('exports no function named “register”');
    expect((await f.manager.enable('broken')).reason).toBe(
      'Its main module could not be loaded: Unexpected end of input',
    );
  });

  test('register never settles: it is killed after the deadline', async () => {
    const f = await withAddons(
      {
        slow: {
          main: `export const register = (ctx) => { ctx.log.info('pid ' + process.pid); return new Promise(() => {}); }`,
        },
      },
      { deadlines: { start: 500 } },
    );
    expect(await f.manager.enable('slow')).toMatchObject({
      state: 'failed',
      reason: 'it did not register within 0.5 s',
    });
    expect(isAlive(pidOf(f, 'slow'))).toBe(false);
  });

  test('a register that blocks the event loop is killed too, and the host does not feel it', async () => {
    const f = await withAddons(
      { spin: { main: `export function register() { for (;;); }` } },
      { deadlines: { start: 500 } },
    );
    let turns = 0;
    const timer = setInterval(() => turns++, 5);
    const addon = await f.manager.enable('spin');
    clearInterval(timer);
    expect(addon.reason).toContain('did not register');
    // It had its turns while the other span; held up, it would have had none.
    expect(turns).toBeGreaterThan(5);
  });

  test('unregister throws: everything is released all the same', async () => {
    const f = await withAddons({
      messy: {
        main: `export function register(ctx) { ctx.onDispose(() => console.log('released')); }
          export function unregister() { throw new Error('I will not go'); }`,
      },
    });
    await f.manager.enable('messy');
    expect(await f.manager.disable('messy')).toMatchObject({ state: 'off', enabled: false, reason: null });
    expect(f.log('messy')).toContain('released');
    expect(f.log('messy').join()).toContain('I will not go');
  });

  test('releases run last taken first, and one that throws or hangs does not keep the others', async () => {
    const f = await withAddons({
      stack: {
        main: `export function register(ctx) {
            ctx.onDispose(() => console.log('first taken'));
            ctx.onDispose(() => { console.log('throws'); throw new Error('no'); });
            ctx.onDispose(() => { console.log('hangs'); return new Promise(() => {}); });
            ctx.onDispose(() => console.log('last taken'));
            ctx.signal.addEventListener('abort', () => console.log('aborted'));
          }
          export const unregister = () => console.log('unregister');`,
      },
    });
    await f.manager.enable('stack');
    expect((await f.manager.disable('stack')).state).toBe('off');
    const order = ['aborted', 'unregister', 'last taken', 'hangs', 'throws', 'first taken'];
    expect(f.log('stack').filter((line) => order.includes(line))).toEqual(order);
  });

  test('unregister blocks the event loop: it is killed after the deadline', async () => {
    const f = await withAddons(
      {
        stuck: {
          main: `export function register(ctx) { ctx.log.info('pid ' + process.pid); } export function unregister() { for (;;); }`,
        },
      },
      { deadlines: { stop: 500 } },
    );
    await f.manager.enable('stuck');
    const pid = pidOf(f, 'stuck');
    expect((await f.manager.disable('stuck')).state).toBe('off');
    expect(isAlive(pid)).toBe(false);
    expect(f.log('stuck').join()).toContain('did not stop within 0.5 s');
  });

  test('an error nobody caught ends it with that reason, and it can be enabled again', async () => {
    const f = await withAddons(
      {
        crash: {
          main: `export function register(ctx) {
          ctx.handlers.on('queue_idle', () => void setImmediate(() => { throw new Error('kaboom'); }));
          ctx.handlers.on('render_init', () => void Promise.reject(new Error('unhandled')));
        }`,
        },
      },
      NO_RESTARTS,
    );
    await f.manager.enable('crash');
    f.emit('queue_idle');
    expect(await f.until('crash', (addon) => addon.state === 'failed')).toMatchObject({
      reason: 'an error that nobody caught: kaboom',
      enabled: true,
    });
    expect((await f.manager.enable('crash')).state).toBe('running');
    f.emit('render_init');
    expect((await f.until('crash', (addon) => addon.state === 'failed')).reason).toContain('unhandled');
    expect(f.log('crash').join()).toContain('at ');
    expect((await f.manager.disable('crash')).state).toBe('off');
  });

  test('killed from outside, or gone by itself, it is shown as failed', async () => {
    const f = await withAddons(
      {
        plain: { main: PLAIN },
        exits: { main: `export function register(ctx) { ctx.handlers.on('queue_idle', () => process.exit(7)); }` },
      },
      NO_RESTARTS,
    );
    await f.manager.enable('plain');
    await f.manager.enable('exits');
    process.kill(pidOf(f, 'plain'), 'SIGKILL');
    expect((await f.until('plain', (addon) => addon.state === 'failed')).reason).toContain('SIGKILL');
    f.emit('queue_idle');
    expect((await f.until('exits', (addon) => addon.state === 'failed')).reason).toContain('exit code 7');
  });

  test('a running add-on whose event loop hangs is found out and killed, while the others go on', async () => {
    const f = await withAddons(
      {
        hang: {
          main: `export function register(ctx) { ctx.log.info('pid ' + process.pid); ctx.handlers.on('queue_idle', () => { for (;;); }); }`,
        },
        fine: {
          main: `export function register(ctx) { ctx.handlers.on('render_write', (e) => console.log('got ' + e.frame)); }`,
        },
      },
      { deadlines: { answer: 1_000 }, ...NO_RESTARTS },
    );
    await f.manager.enable('hang');
    await f.manager.enable('fine');
    f.emit('queue_idle');
    f.emit('render_write', { frame: 3 });
    await f.logged('fine', 'got 3');
    const addon = await f.until('hang', (hang) => hang.state === 'failed');
    expect(addon.reason).toContain('did not answer for 1 s');
    expect(isAlive(pidOf(f, 'hang'))).toBe(false);
  });

  test('ends by itself when the host is gone', async () => {
    // The other end of the channel is all that a process knows of its host.
    const { BUILT } = await import('./fixture');
    fixture = await createFixture({ plain: { main: `export function register() { setInterval(() => {}, 1000); }` } });
    const { child, pipe, gone } = forkAddon(join(BUILT, 'bootstrap.js'), fixture.folder, {
      program: process.execPath,
      arguments: [],
      env: process.env,
    });
    const never = (): never => expect.unreachable();
    try {
      await new Promise<void>((resolve) => {
        openAddonChannel(pipe, {
          receive: ({ type }) => type === 'registered' && resolve(),
          warn: never,
          tell: never,
          kill: never,
        }).send({
          type: 'start',
          addonId: 'plain',
          bundled: false,
          main: join(fixture.folder, 'addons/plain/main.mjs'),
          storage: fixture.folder,
          granted: { network: false, processes: false },
          preferences: {},
        });
      });
      pipe.destroy();
      expect(await gone).toMatchObject({ clean: true });
    } finally {
      child.kill('SIGKILL');
    }
  });

  test('a flood of lines, printed or logged, is cut to a measure, and what was left out is told', async () => {
    const lines: { id: string; size: number }[] = [];
    const f = await withAddons(
      {
        logs: {
          main: `export function register(ctx) { for (let i = 0; i < 20_000; i++) raw.send({ type: 'log', line: { time: Date.now(), level: 'info', text: 'x'.repeat(10_000) } }); setTimeout(() => console.log('after'), 2_500); }`,
        },
        prints: {
          main: `import { writeSync } from 'node:fs'; export function register() { for (let i = 0; i < 1_000; i++) writeSync(1, ('y'.repeat(99) + String.fromCharCode(10)).repeat(50)); }`,
        },
      },
      { onLog: (id, line) => void lines.push({ id, size: line.text.length }), ...NO_RESTARTS },
    );
    await Promise.all([f.manager.enable('logs'), f.manager.enable('prints')]);
    await expect
      .poll(() => f.log('prints').some((text) => text.includes('log lines were left out')), { timeout: 20_000 })
      .toBe(true);
    await expect
      .poll(() => f.log('logs').some((text) => text.includes('log lines were left out')), { timeout: 20_000 })
      .toBe(true);
    expect(Math.max(...lines.map(({ size }) => size))).toBeLessThanOrEqual(4_001);
    for (const id of ['logs', 'prints'])
      expect(
        lines.filter((line) => line.id === id).reduce((sum, { size }) => sum + size, 0),
        id,
      ).toBeLessThan(3_000_000);
  });

  test('messages that are too many, too large or not of this world do not hold up the host', async () => {
    const f = await withAddons(
      {
        large: {
          main: `export function register(ctx) {
            const status = { level: 'ok', text: 'x', details: Array(300_000).fill({}) };
            raw.send({ type: 'status', status });
            raw.send({ type: 'handlers', events: Array(2_000_000).fill('queue_idle') });
            raw.send({ type: 'log', line: { time: 1e300, level: 'info', text: 'from the end of time' } });
            raw.send({ type: 'handler-time', seconds: -5 });
            raw.send({ type: 'handler-time', seconds: 1e300 });
            raw.send({ type: 'register-failed', reason: 'x'.repeat(5_000_000) });
            ctx.status({ level: 'ok', text: 'y'.repeat(5_000_000) });
          }`,
        },
        many: {
          main: `export function register(ctx) { const send = () => { for (let i = 0; i < 2_000; i++) raw.send({ type: 'status', status: null }); setImmediate(send); }; send(); }`,
        },
      },
      NO_RESTARTS,
    );
    await f.manager.enable('large');
    const large = await f.until('large', (addon) => addon.status?.text.startsWith('yyy') === true);
    expect(large.status!.text).toHaveLength(500);
    const { handlerSeconds } = f.manager.totals()['large']!;
    expect(handlerSeconds).toBeGreaterThanOrEqual(0);
    expect(handlerSeconds).toBeLessThan(600);
    expect(f.manager.log('large').find(({ text }) => text === 'from the end of time')!.time).toBeLessThanOrEqual(
      Date.now(),
    );
    await f.manager.enable('many');
    await expect.poll(() => f.manager.get('many').reason, { timeout: 120_000 }).toContain('messages a second');
  });

  test('survives the signals that Ctrl+C sends to every process of the terminal', async () => {
    const f = await withAddons({
      plain: { main: `${PLAIN}` },
      idle: {
        main: `export function register(ctx) { ctx.handlers.on('queue_idle', () => console.log('still here')); ctx.log.info('pid ' + process.pid); }`,
      },
    });
    await f.manager.enable('idle');
    process.kill(pidOf(f, 'idle'), 'SIGINT');
    f.emit('queue_idle');
    await f.logged('idle', 'still here');
    expect(f.manager.get('idle').state).toBe('running');
  });
});

describe('an add-on that ends by itself', () => {
  const CRASHES = `export function register(ctx) { ctx.log.info('pid ' + process.pid); ctx.handlers.on('queue_idle', () => process.exit(7)); ctx.handlers.on('render_write', () => console.log('written')); }`;

  test('is started again after pauses, and given up when it keeps on; enabling it by hand begins afresh', async () => {
    const f = await withAddons({ crashes: { main: CRASHES } }, { restarts: { pauses: [20, 40] } });
    await f.manager.enable('crashes');
    const pids = new Set<number>();
    for (const pause of ['0.02', '0.04']) {
      pids.add(pidOf(f, 'crashes'));
      f.emit('queue_idle');
      await f.logged('crashes', `started again in ${pause} s`);
      expect(f.manager.get('crashes')).toMatchObject({
        state: 'starting',
        enabled: true,
        reason: `its process ended by itself with exit code 7; it is started again in ${pause} s`,
      });
      expect((await f.until('crashes', ({ state }) => state === 'running')).reason).toBeNull();
    }
    f.emit('queue_idle');
    const gone = await f.until('crashes', ({ state }) => state === 'failed');
    expect(gone.reason).toContain('is not started again, for it has ended by itself 3 times in a short time');
    expect(f.manager.totals()).toMatchObject({ crashes: { restarts: 2 } });
    expect((await f.manager.enable('crashes')).state).toBe('running');
    f.emit('queue_idle');
    await f.until('crashes', () => f.log('crashes').filter((line) => line.includes('again in 0.02 s')).length === 2);
    await f.until('crashes', ({ state }) => state === 'running');
    f.emit('render_write');
    await f.logged('crashes', 'written');
    pids.add(pidOf(f, 'crashes'));
    expect(pids.size).toBe(3);
    expect([...pids].filter(isAlive)).toHaveLength(1);
  });

  test('a start again that fails counts as one more crash', async () => {
    const main = `import { existsSync, writeFileSync } from 'node:fs';
      export function register(ctx) {
        const ran = ctx.storage.folder + '/ran';
        if (existsSync(ran)) throw new Error('not twice');
        writeFileSync(ran, '');
        ctx.handlers.on('queue_idle', () => process.exit(1));
      }`;
    const f = await withAddons({ once: { main } }, { restarts: { pauses: [5, 5, 5] } });
    await f.manager.enable('once');
    f.emit('queue_idle');
    expect((await f.until('once', ({ state }) => state === 'failed')).reason).toContain(
      'not twice; it is not started again, for it has ended by itself 4 times',
    );
  });

  test('disabling it during the pause ends the matter, and so does closing', async () => {
    const f = await withAddons({ crashes: { main: CRASHES } }, { restarts: { pauses: [60_000] } });
    await f.manager.enable('crashes');
    f.emit('queue_idle');
    await f.until('crashes', ({ reason }) => reason !== null);
    expect(await f.manager.disable('crashes')).toMatchObject({ state: 'off', enabled: false, reason: null });
    await f.manager.enable('crashes');
    f.emit('queue_idle');
    await f.until('crashes', ({ reason }) => reason !== null);
    expect(await f.manager.enable('crashes')).toMatchObject({ state: 'running', reason: null });
    f.emit('queue_idle');
    await f.until('crashes', ({ reason }) => reason !== null);
    const pid = pidOf(f, 'crashes');
    await f.manager.close();
    expect(f.manager.get('crashes')).toMatchObject({ state: 'off', enabled: true });
    expect(isAlive(pid)).toBe(false);
  });

  test('sees the totals since it was enabled, over its restarts and not before', async () => {
    const main = `export function register(ctx) {
      const show = async (what) => { const { totals, totalsSince } = await ctx.app.snapshot(); console.log(what + ' ' + totals.jobs.completed + ' ' + totals.addons.sees?.restarts + ' ' + totalsSince); };
      ctx.handlers.on('render_write', () => show('saw'));
      ctx.handlers.on('queue_idle', () => process.exit(1));
    }`;
    const f = await withAddons({ sees: { main } }, { restarts: { pauses: [5, 5] } });
    const completed = (count: number): void =>
      void (f.snapshot = {
        ...EMPTY_SNAPSHOT,
        totals: {
          ...EMPTY_SNAPSHOT.totals,
          jobs: { completed: count, completedWithFailures: 0, failed: 0, cancelled: 0 },
          addons: f.manager.totals(),
        },
      });
    const saw = async (line: RegExp): Promise<number> => {
      const before = f.log('sees').length;
      f.emit('render_write');
      await f.until('sees', () =>
        f
          .log('sees')
          .slice(before)
          .some((text) => text.startsWith('saw')),
      );
      const last = f.log('sees').findLast((text) => text.startsWith('saw'))!;
      expect(last).toMatch(line);
      return Number(last.split(' ').at(-1));
    };
    completed(10);
    await f.manager.enable('sees');
    completed(12);
    const since = await saw(/^saw 2 0 /);
    expect(Math.abs(Date.now() - since)).toBeLessThan(60_000);
    f.emit('queue_idle');
    await f.logged('sees', 'started again in');
    await f.until('sees', ({ state }) => state === 'running');
    completed(15);
    expect(await saw(/^saw 5 1 /)).toBe(since);
    await f.manager.disable('sees');
    completed(16);
    await f.manager.enable('sees');
    expect(await saw(/^saw 0 0 /)).toBeGreaterThan(since);
  });

  test('its handlers’ time and errors are counted, and go on over restarts', async () => {
    const main = `export function register(ctx) {
      ctx.handlers.on('render_write', async () => { await new Promise((r) => setTimeout(r, 60)); console.log('waited'); throw new Error('no'); });
      ctx.handlers.on('queue_idle', () => process.exit(1));
    }`;
    const f = await withAddons({ busy: { main } }, { restarts: { pauses: [5] } });
    expect(f.manager.totals()).toEqual({});
    await f.manager.enable('busy');
    expect(f.manager.totals()).toEqual({ busy: { handlerSeconds: 0, handlerErrors: 0, restarts: 0 } });
    f.emit('render_write');
    await f.logged('busy', 'waited');
    // Asking for its metrics brings what has not been told yet.
    await f.manager.collectFamilies();
    const { handlerSeconds } = f.manager.totals()['busy']!;
    expect(handlerSeconds).toBeGreaterThan(0.05);
    expect(handlerSeconds).toBeLessThan(5);
    f.emit('queue_idle');
    await f.logged('busy', 'started again in');
    await f.until('busy', ({ state }) => state === 'running');
    expect(f.manager.totals()).toEqual({ busy: { handlerSeconds, handlerErrors: 1, restarts: 1 } });
    expect(f.manager.get('busy').handlerErrors).toBe(1);
  });
});

describe('preferences', () => {
  const main = `export function register(ctx) {
    console.log('size at start ' + ctx.preferences.get('size'));
    ctx.preferences.onChange('size', async (value) => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      console.log('size is ' + JSON.stringify(value) + ' ' + ctx.preferences.get('size'));
    });
    try { ctx.preferences.get('missing'); } catch (error) { console.log(error.message); }
  }`;
  const preferences = [
    { key: 'size', type: 'integer' as const, default: 5, min: 1, max: 10 },
    { key: 'token', type: 'secret' as const, default: '' },
  ];

  test('are checked, stored, applied before the call settles, and outlive disabling', async () => {
    const f = await withAddons({ prefs: { main, preferences } });
    await f.manager.enable('prefs');
    expect(f.log('prefs')).toEqual(
      expect.arrayContaining(['size at start 5', 'The preference “missing” is not declared in addon.json.']),
    );
    const addon = await f.manager.setPreference('prefs', 'size', '7');
    expect(addon.preferences.size).toBe(7);
    expect(f.log('prefs').at(-1)).toBe('size is 7 7');
    expect(f.stored.get('prefs')).toMatchObject({ enabled: true, values: { size: 7 } });
    await f.manager.disable('prefs');
    expect(f.manager.get('prefs').preferences.size).toBe(7);
    await f.manager.enable('prefs');
    expect(f.log('prefs')).toContain('size at start 7');
  });

  test('a value that does not fit is refused and changes nothing', async () => {
    const f = await withAddons({ prefs: { main, preferences } });
    await expect(f.manager.setPreference('prefs', 'size', '11')).rejects.toThrow('the largest is 10');
    await expect(f.manager.setPreference('prefs', 'colour', 'red')).rejects.toThrow(
      'has no preference “colour”: it has size, token',
    );
    expect(f.stored.has('prefs')).toBe(false);
    expect(f.manager.get('prefs').preferences.size).toBe(5);
  });

  test('a secret reaches the add-on but is never shown', async () => {
    const f = await withAddons({
      prefs: {
        main: `export const register = (ctx) => console.log('length ' + ctx.preferences.get('token').length);`,
        preferences,
      },
    });
    expect(f.manager.get('prefs').preferences.token).toBe('');
    const addon = await f.manager.setPreference('prefs', 'token', 'hunter2');
    expect(addon.preferences.token).toBe('••••••');
    expect(f.stored.get('prefs')?.values.token).toBe('hunter2');
    await f.manager.enable('prefs');
    await f.logged('prefs', 'length 7');
    expect(JSON.stringify(f.manager.list())).not.toContain('hunter2');
  });

  test('an address with a password in it is none to show', async () => {
    const f = await withAddons({
      prefs: {
        main: 'export function register() {}',
        preferences: [
          { key: 'url', type: 'string' as const, default: '' },
          { key: 'hook', type: 'secret' as const, default: '' },
        ],
      },
    });
    await expect(f.manager.setPreference('prefs', 'url', 'https://ada:hunter2@box:9091/x')).rejects.toThrow(
      'is an address with a password, which everybody could read here: leave it out.',
    );
    expect(f.stored.has('prefs')).toBe(false);
    for (const url of ['http://box:9091', 'http://ada@box', 'see http://box: me@mail', 'http://box:1/?a=b:c@d'])
      expect((await f.manager.setPreference('prefs', 'url', url)).preferences.url).toBe(url);
    expect((await f.manager.setPreference('prefs', 'hook', 'https://ada:hunter2@box')).preferences.hook).toBe('••••••');
  });

  test('an add-on that does not apply a value in time is told of, and the value stays stored', async () => {
    const f = await withAddons(
      {
        prefs: {
          main: `export const register = (ctx) => ctx.preferences.onChange('size', () => new Promise(() => {}));`,
          preferences,
        },
      },
      { deadlines: { apply: 300 } },
    );
    await f.manager.enable('prefs');
    await expect(f.manager.setPreference('prefs', 'size', 2)).rejects.toThrow(
      'is stored, but the add-on has not applied it within 0.3 s',
    );
    expect(f.stored.get('prefs')?.values).toEqual({ size: 2 });
    expect((await f.manager.disable('prefs')).state).toBe('off');
  });
});

test('a folder that an update presets is not granted before a person chooses it, though it stays the same', async () => {
  const other = temporaryFolder();
  await writeFile(join(other, 'secret'), 'words');
  const main = `import { readFileSync } from 'node:fs';
    export function register(ctx) {
      let text = '';
      try { text = readFileSync(${JSON.stringify(join(other, 'secret'))}, 'utf8'); } catch (error) { text = error.code; }
      ctx.status({ level: 'ok', text });
    }`;
  const preset = (version: string, folder: string): TestAddon => ({
    main,
    preferences: [{ key: 'folder', type: 'path', default: folder }],
    manifest: { version, permissions: { files: { reason: 'To read.', read: ['folder'], write: [] } } },
  });
  const f = await withAddons({ reader: preset('1.0.0', '') });
  await f.manager.startEnabled();
  await f.manager.enable('reader');
  await f.until('reader', ({ status }) => status?.text === 'ERR_ACCESS_DENIED');
  const source = join(temporaryFolder(), 'reader');
  await writeAddon(source, 'reader', preset('2.0.0', other));
  expect(await f.manager.install(source, [])).toMatchObject({ outcome: 'installed', replaced: '1.0.0' });
  const { warnings } = await f.until('reader', ({ status }) => status?.text === 'ERR_ACCESS_DENIED');
  expect(warnings).toContainEqual(expect.stringContaining('is its author’s choice'));
  await f.manager.setPreference('reader', 'folder', other);
  await f.until('reader', ({ status }) => status?.text === 'words');
});

describe('the folders of jobs', () => {
  /** Tells which of the files it can read whenever an event arrives, and its process; works until it is let go. */
  const READER = `import { readFileSync } from 'node:fs';
    export function register(ctx) {
      let letGo;
      const work = () => new Promise((resolve) => (letGo = resolve));
      ctx.handlers.on('render_init', () => { void ctx.busy(work); ctx.log.info('at work'); });
      ctx.handlers.on('render_complete', () => letGo());
      ctx.operators.add({ id: 'work', label: 'Work', run: work });
      ctx.handlers.on('render_write', () => {
        const can = ctx.preferences.get('files').split(',').filter((file) => {
          try { readFileSync(file); return true; } catch { return false; }
        });
        ctx.status({ level: 'ok', text: process.pid + ' ' + can.join() });
      });
    }`;

  /** @param jobs folders of jobs at the start */
  async function reader(...jobs: string[]) {
    const root = realpathSync(temporaryFolder());
    const folder = async (name: string): Promise<string> => {
      await mkdir(join(root, name), { recursive: true });
      await writeFile(join(root, name, 'file'), '');
      return join(root, name);
    };
    let output: string[] = await Promise.all(jobs.map(folder));
    const offers = createAddonOffers({ tell: () => undefined, hasJob: () => false });
    const f = await withAddons(
      {
        reader: {
          main: READER,
          preferences: [
            { key: 'files', type: 'string', default: '' },
            { key: 'inbox', type: 'path', default: '' },
          ],
          manifest: { permissions: { files: { reason: 'To read.', read: ['output', 'inbox'], write: [] } } },
        },
      },
      { folders: () => ({ output, scenes: [] }), offers },
    );
    await f.manager.enable('reader');
    const files = ['pref', 'pref/shot', 'a', 'b', 'old'].map((name) => join(root, name, 'file'));
    await f.manager.setPreference('reader', 'files', files.join());
    return {
      f,
      folder,
      operators: offers.operators,
      async now(...names: string[]): Promise<void> {
        output = await Promise.all(names.map(folder));
        await f.manager.foldersChanged();
      },
      /** What it can read, and its process. */
      async reads(): Promise<{ names: string; pid: number }> {
        const { status } = f.manager.get('reader');
        f.emit('render_write');
        const after = await f.until('reader', (addon) => addon.status !== null && addon.status !== status);
        const [pid, names = ''] = after.status!.text.split(' ');
        return { names: names.replaceAll(`${root}/`, '').replaceAll('/file', ''), pid: Number(pid) };
      },
    };
  }

  test('inside the preferred one start no process again; others do, which keeps what it had', async () => {
    const { f, now, folder, reads } = await reader('pref');
    const first = await reads();
    await now('pref', 'pref/shot');
    expect(await reads()).toEqual({ names: 'pref,pref/shot', pid: first.pid });
    await now('pref', 'a');
    const second = await reads();
    expect(second.names).toBe('pref,pref/shot,a');
    expect(second.pid).not.toBe(first.pid);
    // Job A is done when job B comes: its images may be in work.
    await now('pref', 'b');
    expect((await reads()).names).toBe('pref,pref/shot,a,b');
    await f.manager.grantOutput('reader', [await folder('old')]);
    expect((await reads()).names).toBe('pref,pref/shot,a,b,old');
    await f.manager.disable('reader');
    await f.manager.enable('reader');
    expect((await reads()).names).toBe('pref,pref/shot,b');
  });

  test('do not end what it does: it can read them afterwards, those of jobs that ended meanwhile, too', async () => {
    const { f, now, folder, operators, reads } = await reader('pref');
    const first = await reads();
    f.emit('render_init');
    await f.logged('reader', 'at work');
    await now('pref', 'a');
    expect(await reads()).toEqual({ names: 'pref', pid: first.pid });
    f.emit('render_complete');
    const second = await eventually('Its new start', async () => {
      await now('pref');
      const seen = await reads();
      return seen.pid === first.pid ? null : seen;
    });
    expect(second.names).toBe('pref,a');

    const { run } = operators.run('reader.work', {});
    await now('pref', 'b');
    await f.manager.grantOutput('reader', [await folder('old')]);
    expect(await reads()).toEqual(second);
    f.emit('render_complete');
    expect(await operators.ended(run)).toMatchObject({ state: 'done' });
    await now('pref');
    expect((await reads()).names).toBe('pref,a,b,old');

    // A person does not wait.
    const broken = operators.run('reader.work', {}).run;
    await f.manager.setPreference('reader', 'inbox', await folder('in'));
    expect((await operators.ended(broken)).error).toBe(
      '“Test reader” was started again, since the folders that it may use have changed.',
    );
  });
});

describe('what add-ons get of the host', () => {
  test('console output, standard output and errors land in the log, bounded', async () => {
    const f = await withAddons({
      loud: {
        main: `export function register(ctx) {
          console.log('a %s c', 'b'); console.error('bad'); process.stdout.write('direct\\nhalf');
        }`,
      },
      // On its own: what is printed takes another way than the console, and would come when there is no more room.
      flood: {
        main: "export function register(ctx) { for (let i = 0; i < 5000; i++) console.log('noise ' + i); ctx.status({ level: 'ok', text: 'through' }); }",
      },
    });
    await f.manager.enable('loud');
    await f.logged('loud', 'direct');
    const lines = f.manager.log('loud');
    expect(lines.some((line) => line.text === 'a b c' && line.level === 'info')).toBe(true);
    expect(lines.some((line) => line.text === 'bad' && line.level === 'error')).toBe(true);
    await f.manager.enable('flood');
    await f.logged('flood', 'noise 100');
    await f.until('flood', (addon) => addon.status?.text === 'through');
    expect(f.manager.log('flood').length).toBeLessThan(500);
  });

  test('a status is cut to what the panel shows', async () => {
    const f = await withAddons({
      long: {
        main: `export function register(ctx) { ctx.status({ level: 'warning', text: 'x'.repeat(600), details: Array.from({ length: 30 }, (_, i) => ({ label: 'l'.repeat(100), value: i })) }); }`,
      },
    });
    await f.manager.enable('long');
    const { status } = await f.until('long', (addon) => addon.status !== null);
    expect(status!.text).toHaveLength(500);
    expect(status!.details).toHaveLength(20);
    expect(status!.details[3]).toEqual({ label: `${'l'.repeat(59)}…`, value: '3' });
  });

  test('a snapshot comes behind every event before it, also while register still runs', async () => {
    const f = await withAddons({
      asks: {
        main: `export async function register(ctx) {
          let seen = 0;
          ctx.handlers.on('render_write', async () => { await new Promise((r) => setTimeout(r, 20)); seen++; }, { persistent: true });
          ctx.handlers.on('queue_idle', async () => { const s = await ctx.app.snapshot(); console.log('inside a handler ' + s.version); });
          const snapshot = await ctx.app.snapshot();
          console.log(snapshot.shell + ' after ' + seen);
        }`,
      },
    });
    const enabling = f.manager.enable('asks');
    // Before the process has come up: it must not miss them, for register was not asked for a snapshot yet.
    await f.until('asks', (addon) => addon.state === 'starting');
    await enabling;
    for (let i = 0; i < 3; i++) f.emit('render_write');
    f.emit('queue_idle');
    await f.logged('asks', 'inside a handler 0.1.0');
    expect(f.log('asks')).toContain('headless after 0');
  });

  test('metrics of every other add-on are collected, and a clash leaves out the later one', async () => {
    const counter = (name: string, value: number): string =>
      `export function register(ctx) { ctx.metrics.counter({ name: '${name}', help: 'h', labelNames: ['a'] }).inc({ a: 'x' }, ${value}); }`;
    const f = await withAddons({
      one: { main: counter('one_total', 1) },
      two: { main: counter('two_total', 2) },
      same: { main: `export function register(ctx) { ctx.metrics.gauge({ name: 'one_total', help: 'h' }).set(9); }` },
      reads: {
        main: `export function register(ctx) {
          ctx.metrics.gauge({ name: 'own', help: 'h' }).set(NaN);
          ctx.handlers.on('queue_idle', async () => {
            const families = await ctx.metrics.collect();
            console.log('collected ' + families.map((f) => f.name + '=' + f.values.map((v) => v.value).join()).join(' '));
          });
        }`,
      },
    });
    f.families = [{ name: 'host_gauge', help: 'h', type: 'gauge', values: [{ value: 5, labels: {} }] }];
    for (const id of ['one', 'two', 'same', 'reads']) expect((await f.manager.enable(id)).reason).toBeNull();
    f.emit('queue_idle');
    await f.logged('reads', 'collected host_gauge=5 own=NaN one_total=1 two_total=2');
    expect(f.log('reads').join('\n')).toContain('“one_total” of the add-on “same” is left out');
    const { families, addons } = await f.manager.collectFamilies('one');
    expect(families.map((family) => family.name)).toEqual(['host_gauge']);
    expect(addons.map((addon) => addon.addonId).sort()).toEqual(['reads', 'same', 'two']);
  });

  const READS = {
    main: `export function register(ctx) {
      ctx.handlers.on('queue_idle', async () => {
        const families = await ctx.metrics.collect();
        console.log('collected ' + families.map((f) => f.name).join(' '));
      });
    }`,
  };

  test.each<[string, string, string]>([
    [
      'a label’s name that forges a line',
      `ctx.metrics.source(() => [{ name: 'bad', help: 'h', type: 'gauge', labelNames: [], values: [{ value: 1, labels: { 'a="x"} 1\\nframegauge_up 0\\nb{c': 'y' } }] }])`,
      'its label',
    ],
    [
      'a label’s value that is an object',
      `ctx.metrics.source(() => [{ name: 'bad', help: 'h', type: 'gauge', values: [{ value: 1, labels: { a: { toString: 1 } } }] }])`,
      'neither text nor number',
    ],
    [
      'a label’s value of a metric of its registry',
      `ctx.metrics.gauge({ name: 'bad', help: 'h', labelNames: ['a'] }).set({ a: 'x' + String.fromCharCode(0) }, 1)`,
      'no scraper reads',
    ],
    [
      'a metric whose values cannot be had',
      `ctx.metrics.gauge({ name: 'bad', help: 'h', collect() { throw 'a fit'; } })`,
      'a fit',
    ],
    [
      'a name of the program',
      `ctx.metrics.gauge({ name: 'framegauge_last_frame_age_seconds', help: 'h' }).set(0)`,
      'kept for Framegauge',
    ],
    ['a source that answers something else', `ctx.metrics.source(() => 'nothing')`, 'not a metric family'],
  ])('%s leaves out that series alone, and its own panel says so', async (_what, code, why) => {
    const f = await withAddons({
      bad: {
        main: `export function register(ctx) { ctx.metrics.gauge({ name: 'good', help: 'h' }).set(1); ${code}; }`,
      },
      reads: READS,
    });
    for (const id of ['bad', 'reads']) await f.manager.enable(id);
    f.emit('queue_idle');
    await f.logged('reads', 'collected good');
    const { warnings } = await f.until('bad', (addon) => addon.warnings.length > 0);
    expect(warnings.join('\n')).toContain(why);
    expect(f.log('bad').join('\n')).toContain(why);
    expect(f.manager.get('reads').warnings).toEqual([]);
    expect((await f.manager.disable('bad')).warnings).toEqual([]);
  });

  test('whatever a process sends in place of packed metrics leaves out its own, and a clash is told to who collects', async () => {
    const f = await withAddons({
      bad: {
        main: `export function register(ctx) { raw.listen((m) => { if (m.type === 'metrics') raw.send({ type: 'metrics', id: m.id, packed: new Uint8Array([9, 9, 9]) }); }); }`,
      },
      one: { main: `export function register(ctx) { ctx.metrics.gauge({ name: 'one', help: 'h' }).set(1); }` },
      same: { main: `export function register(ctx) { ctx.metrics.counter({ name: 'one', help: 'h' }).inc(); }` },
      reads: READS,
    });
    for (const id of ['bad', 'one', 'same', 'reads']) await f.manager.enable(id);
    f.emit('queue_idle');
    await f.logged('reads', 'collected one');
    await f.logged('reads', 'not a list of metric families');
    await f.logged('reads', 'it is a counter, but the add-on “one” has it as a gauge');
    // Only what came with the program is believed about others.
    expect(f.manager.get('bad').warnings).toEqual([]);
  });

  test('an add-on that asks for exemplars gets them', async () => {
    const f = await withAddons({
      ex: {
        main: `export function register(ctx) {
          const seconds = ctx.metrics.histogram({ name: 'ex_seconds', help: 'h', buckets: [1], enableExemplars: true });
          seconds.observe({ value: 2, exemplarLabels: { frame: '7' } });
          const count = ctx.metrics.counter({ name: 'ex_total', help: 'h', enableExemplars: true });
          count.inc({ value: 3, exemplarLabels: { frame: '8' } });
        }`,
      },
      reads: {
        main: `export function register(ctx) {
          ctx.handlers.on('queue_idle', async () => {
            for (const { name, values } of await ctx.metrics.collect()) console.log(name + ' ' + values.map((v) => v.value + (v.exemplar ? '#' + v.exemplar.labelSet.frame : '')).join(' '));
          });
        }`,
      },
    });
    for (const id of ['ex', 'reads']) expect((await f.manager.enable(id)).reason).toBeNull();
    f.emit('queue_idle');
    await f.logged('reads', 'ex_seconds 0 1#7 2 1');
    await f.logged('reads', 'ex_total 3#8');
    expect(f.manager.get('ex').warnings).toEqual([]);
  });

  test('an add-on that is slow with its metrics is left out, and waited for only once', async () => {
    const f = await withAddons(
      {
        slow: {
          main: `export function register(ctx) { ctx.metrics.gauge({ name: 'g', help: 'h', collect: () => new Promise(() => {}) }); }`,
        },
      },
      { deadlines: { metrics: 300 } },
    );
    await f.manager.enable('slow');
    const began = performance.now();
    expect((await f.manager.collectFamilies()).addons).toEqual([]);
    const first = performance.now() - began;
    expect(first).toBeGreaterThan(250);
    const again = performance.now();
    expect((await f.manager.collectFamilies()).addons).toEqual([]);
    expect(performance.now() - again).toBeLessThan(first);
  });
});

describe('finding add-ons', () => {
  test('bundled ones come first; a broken one is listed with its reason and cannot be enabled', async () => {
    const f = await withAddons({ plain: { main: PLAIN }, odd: { main: PLAIN, manifest: { version: 'soon' } } });
    const list = f.manager.list();
    const count = list.filter(({ bundled }) => bundled).length;
    expect(list.slice(0, count).every(({ bundled, state }) => bundled && state === 'off')).toBe(true);
    expect(list.find(({ manifest }) => manifest.id === 'prometheus')).toMatchObject({
      bundled: true,
      manifest: { category: 'Monitoring' },
    });
    const odd = list.find((addon) => addon.manifest.name === 'odd')!;
    expect(odd).toMatchObject({ state: 'failed', enabled: false, bundled: false });
    expect(odd.reason).toContain('“version” is wrong: a version has the form 1.2.3');
    expect((await f.manager.enable(odd.manifest.id)).state).toBe('failed');
  });

  test('a folder of the person cannot take the id of a bundled add-on', async () => {
    const f = await withAddons({ prometheus: { main: PLAIN } });
    const list = f.manager.list();
    expect(list.filter((addon) => addon.manifest.id === 'prometheus')).toMatchObject([{ bundled: true, state: 'off' }]);
    expect(list.find((addon) => !addon.bundled)?.reason).toContain('belongs to an add-on that comes with Framegauge');
  });

  test('the example add-on works', async () => {
    const f = await withAddons({});
    await f.close();
    const example = join(import.meta.dirname, '../../../examples/addons');
    expect(await readdir(example)).toContain('frame-log');
    fixture = await createFixture({}, { userFolder: example });
    expect((await fixture.manager.enable('frame-log')).state).toBe('running');
    await fixture.manager.setPreference('frame-log', 'slowSeconds', '0.5');
    fixture.emit('render_write', { frame: 7, scene: '/tmp/cube.glb', seconds: 0.75 });
    await fixture.logged('frame-log', 'Frame 7 of cube.glb took 0.8 s');
    await fixture.until('frame-log', (addon) => addon.status?.text === '1 frames written, the last one of cube.glb');
  });

  test('a CommonJS module is an add-on too', async () => {
    const f = await withAddons({});
    await f.close();
    fixture = await createFixture();
    await writeAddon(join(fixture.folder, 'more', 'old'), 'old', { main: '', manifest: { main: 'main.js' } });
    const { writeFile } = await import('node:fs/promises');
    await writeFile(
      join(fixture.folder, 'more', 'old', 'main.js'),
      `const make = () => ({ register(ctx) { ctx.log.info('common'); } }); module.exports = make();`,
    );
    const second = await createFixture({}, { userFolder: join(fixture.folder, 'more') });
    try {
      expect((await second.manager.enable('old')).reason).toBeNull();
      await second.logged('old', 'common');
    } finally {
      await second.close();
    }
  });
});
