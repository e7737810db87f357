import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type AddonRunnerOptions, createAddonRunner } from '../../../src/main/addons/addon-runner';
import { createAddonOffers } from '../../../src/main/addons/offers/addon-offers';
import { createConfiner } from '../../../src/main/addons/confinement';
import { discoverAddons } from '../../../src/main/addons/discover';
import { type InstalledAddon, installAddon, toAddon } from '../../../src/main/addons/installed-addon';
import type { MetricFamily } from '../../../src/shared/addon-protocol';
import type { Addon } from '../../../src/shared/addons';
import { createConditions } from '../../helpers/conditions';
import { EMPTY_SNAPSHOT } from '../../helpers/empty-snapshot';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { BUILT, type TestAddon, writeAddon } from './fixture';

const QUIET = `export function register() {}`;
/** Ends with an exit code as soon as an event comes. */
const EXITS = `export function register(ctx) { ctx.handlers.on('queue_idle', () => process.exit(7)); }`;

/** A runner of real processes, and one add-on, whose process is ended with the test. */
async function makeRunner(addon: TestAddon, given: Partial<AddonRunnerOptions> = {}, pauses: readonly number[] = []) {
  const folder = temporaryFolder();
  await writeAddon(join(folder, 'tested'), 'tested', addon);
  const [found] = await discoverAddons({
    bundledFolder: join(folder, 'none'),
    userFolder: folder,
    hostVersion: '0.1.0',
  });
  const entry = installAddon(found!, { enabled: true, values: {} }, { pauses });
  const states: Addon['state'][] = [];
  /** What was shown with each start. */
  const reasons: (string | null)[] = [];
  const { check, until } = createConditions();
  const runner = createAddonRunner({
    builtFolder: BUILT,
    confiner: createConfiner({
      builtFolder: BUILT,
      dataFolder: join(folder, 'data'),
      uploads: null,
      folders: () => ({ output: [], scenes: [] }),
      sandbox: true,
    }),
    deadlines: undefined,
    snapshot: () => EMPTY_SNAPSHOT,
    call: () => Promise.reject(new Error('There are no jobs here.')),
    image: async () => null,
    offers: createAddonOffers({ tell: () => undefined, hasJob: () => false }),
    collect: () => Promise.resolve({ families: [], addons: [] }),
    entry: (id) => (id === 'tested' ? entry : undefined),
    changed() {
      if (states.at(-1) !== entry.state) states.push(entry.state);
      if (entry.state === 'starting') reasons.push(entry.reason);
      check();
    },
    onLog: check,
    ...given,
  });
  onTestFinished(async () => {
    runner.close();
    await runner.stop(entry);
  });
  return {
    runner,
    entry,
    states,
    reasons,
    log: (): string[] => entry.log.lines().map(({ level, text }) => `${level}: ${text}`),
    emit: (name: 'queue_idle' | 'render_write') => entry.process!.deliver({ name, seq: 1, time: 1 }),
    /** Settles as soon as something holds, which is looked at whenever the runner tells of something. */
    until,
  };
}

describe('starting an add-on', () => {
  it('settles when it runs, and stopping it when it is gone', async () => {
    const { runner, entry, states } = await makeRunner({ main: QUIET });
    await runner.start(entry);
    expect([entry.state, entry.reason]).toEqual(['running', null]);
    const { pid } = entry.process!;
    await runner.stop(entry);
    expect(() => process.kill(pid!, 0)).toThrow('ESRCH');
    expect([states, entry.process]).toEqual([['starting', 'running', 'stopping', 'off'], null]);
  });

  it('settles also when it can’t register: then it has failed, and is not started again', async () => {
    const main = `export function register() { throw new Error('no port left'); }`;
    const { runner, entry, states, log } = await makeRunner({ main }, {}, [1, 1]);
    await runner.start(entry);
    expect([states, entry.reason, entry.process]).toEqual([['starting', 'failed'], 'no port left', null]);
    expect(log()).toContain('error: It failed: no port left');
  });

  it('fails where the process can’t even be asked for', async () => {
    const { runner, entry } = await makeRunner({ main: QUIET });
    await rm(entry.folder, { recursive: true });
    await runner.start(entry);
    expect([entry.state, entry.reason]).toEqual(['failed', expect.stringContaining('ENOENT')]);
  });

  it('anew forgets its errors and counts the host’s totals from then on', async () => {
    const snapshot = { ...EMPTY_SNAPSHOT };
    const completed = (jobs: number): void => {
      snapshot.totals = {
        ...EMPTY_SNAPSHOT.totals,
        jobs: { completed: jobs, completedWithFailures: 0, failed: 0, cancelled: 0 },
      };
    };
    const main = `export function register(ctx) {
      ctx.handlers.on('render_write', async () => console.log('saw ' + (await ctx.app.snapshot()).totals.jobs.completed));
    }`;
    const { runner, entry, log, emit, until } = await makeRunner({ main }, { snapshot: () => snapshot });
    for (const [before, now, seen] of [
      [10, 12, 2],
      [20, 25, 5],
    ] as const) {
      completed(before);
      await runner.start(entry);
      completed(now);
      emit('render_write');
      await until(() => log().includes(`info: saw ${seen}`));
      await runner.stop(entry);
      entry.handlerErrors = 3;
    }
    await runner.start(entry);
    expect(entry.handlerErrors).toBe(0);
  });
});

describe('an add-on that ends by itself', () => {
  it('is started again, and its reason is read until it runs', async () => {
    const { runner, entry, emit, until, log, reasons } = await makeRunner({ main: EXITS }, {}, [1]);
    await runner.start(entry);
    const { pid } = entry.process!;
    emit('queue_idle');
    await until(() => entry.state === 'starting');
    const reason = 'its process ended by itself with exit code 7; it is started again in 0.001 s';
    expect(entry.reason).toBe(reason);
    await until(() => entry.state === 'running');
    expect([entry.reason, entry.counts!.restarts, entry.process!.pid === pid]).toEqual([null, 1, false]);
    // With its first start, during the pause, and with the start after it.
    expect(reasons).toEqual([null, reason, reason]);
    expect(log()).toContain(`error: It failed: ${reason}`);
  });

  it('too often is given up, and says so', async () => {
    const { runner, entry, emit, until } = await makeRunner({ main: EXITS }, {}, [1]);
    await runner.start(entry);
    emit('queue_idle');
    await until(() => entry.state === 'starting');
    await until(() => entry.state === 'running');
    emit('queue_idle');
    await until(() => entry.state === 'failed');
    expect(entry.reason).toBe(
      'its process ended by itself with exit code 7; it is not started again, for it has ended by itself 2 times in a short time',
    );
  });

  it('is given up at once where nothing is started again, without a word about how often', async () => {
    const { runner, entry, emit, until } = await makeRunner({ main: EXITS });
    await runner.start(entry);
    emit('queue_idle');
    await until(() => entry.state === 'failed');
    expect(entry.reason).toBe('its process ended by itself with exit code 7');
  });

  it('is not started again once the host closes', async () => {
    const { runner, entry, emit, until } = await makeRunner({ main: EXITS }, {}, [1]);
    await runner.start(entry);
    runner.close();
    emit('queue_idle');
    await until(() => entry.state === 'failed');
    expect(entry.restartTimer).toBeNull();
  });

  it('is not started again where it is stopped during the pause', async () => {
    const { runner, entry, emit, until } = await makeRunner({ main: EXITS }, {}, [1_000_000]);
    await runner.start(entry);
    emit('queue_idle');
    await until(() => entry.state === 'starting');
    expect(entry.restartTimer).not.toBeNull();
    await runner.stop(entry);
    expect([entry.state, entry.restartTimer]).toEqual(['off', null]);
  });
});

it('leaves an add-on that can’t run as it is, whoever stops it', async () => {
  const { runner, entry } = await makeRunner({ main: QUIET, manifest: { api: '^99' as '^1' } });
  expect(entry.broken).not.toBeNull();
  await runner.stop(entry);
  expect([entry.state, entry.reason]).toEqual(['failed', entry.broken]);
});

it('counts what its handlers do wrong', async () => {
  const main = `export function register(ctx) { ctx.handlers.on('queue_idle', () => { throw new Error('no'); }); }`;
  const { runner, entry, emit, until } = await makeRunner({ main });
  await runner.start(entry);
  emit('queue_idle');
  await until(() => entry.handlerErrors > 0);
  expect([entry.handlerErrors, entry.counts!.handlerErrors]).toEqual([1, 1]);
});

describe('what is told of the metrics of an add-on', () => {
  /** What is shown after one add-on has said something about another, or about itself. */
  async function warnings(of: Pick<InstalledAddon, 'bundled'>, about: string): Promise<readonly string[]> {
    const main = `export function register() { raw.send({ type: 'left-out', addonId: ${JSON.stringify(about)}, text: 'It is no metric.' }); }`;
    const other = await makeRunner({ main: QUIET });
    await other.runner.start(other.entry);
    const { runner, entry } = await makeRunner(
      { main },
      { entry: (id) => (id === 'tested' ? entry : id === 'other' ? other.entry : undefined) },
    );
    Object.assign(entry, of);
    await runner.start(entry);
    return toAddon(about === 'other' ? other.entry : entry).warnings;
  }

  it('is told as it is where it says so itself, or one that came with the program does', async () => {
    expect(await warnings({ bundled: false }, 'tested')).toEqual(['It is no metric.']);
    expect(await warnings({ bundled: true }, 'other')).toEqual(['It is no metric.']);
  });

  it('is not believed of any other', async () => {
    expect(await warnings({ bundled: false }, 'other')).toEqual([]);
  });

  it('is nobody’s where there is no such add-on', async () => {
    expect(await warnings({ bundled: false }, 'nobody')).toEqual([]);
  });
});

it('sends the host’s families to an add-on only where they are others than before', async () => {
  const families: MetricFamily[][] = [[], []];
  const asked: string[] = [];
  let given = families[0]!;
  const main = `export function register(ctx) {
    ctx.handlers.on('render_write', () => raw.send({ type: 'request', id: 1e6, request: { what: 'metrics' } }));
    raw.listen((message) => { if (message.type === 'reply' && message.id === 1e6) console.log('news ' + (message.value.families !== null)); });
  }`;
  const collect: AddonRunnerOptions['collect'] = (except) => {
    asked.push(except);
    return Promise.resolve({ families: given, addons: [] });
  };
  const { runner, entry, emit, log, until } = await makeRunner({ main }, { collect });
  await runner.start(entry);
  const news = (): string[] => log().filter((line) => line.startsWith('info: news'));
  for (const [index, next] of [families[0]!, families[0]!, families[1]!].entries()) {
    given = next;
    emit('render_write');
    await until(() => news().length > index);
  }
  expect(news()).toEqual(['info: news true', 'info: news false', 'info: news true']);
  expect(asked).toEqual(['tested', 'tested', 'tested']);
});
