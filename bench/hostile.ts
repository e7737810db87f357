import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { connectTo, type HostConnection } from '../src/main/cli/host-connection';
import { freePort } from '../test/helpers/free-port';
import { ATTACKS, plantHostileAddons } from '../test/attack/hostile-code';
import { watchForeignLoad } from './foreign-load';
import type { Row } from './report';
import { startBenchDesktop } from './start-desktop';
import { startBenchHost } from './start-host';

const TURNTABLE = resolve(import.meta.dirname, '../examples/turntable.glb');
const SIZE = { width: 320, height: 180, samples: 4 };
const FRAMES = 48;
/** Seconds of each measurement: from the moment that an attacker is enabled, the worst, since it is stopped in the end. */
const SECONDS = Number(process.env['FRAMEGAUGE_BENCH_SECONDS'] ?? 10);
/** Share of the machine that others may take, without the measurement being repeated; and how often in all that is done. */
const FOREIGN = 0.03;
const REPEATS = 6;
/** Each by itself, and then all of them at once. */
const ALONE = ['blocks', 'messages', 'hogs', 'prints', 'panels'] as const;

/**
 * Measures the frames per second of a render beside hostile add-ons, twice each, between two measurements without any:
 * a machine that gets slower evenly affects both alike.
 *
 * @throws Error when a frame is lost
 */
export async function benchHostile(folder: string): Promise<Row[]> {
  const dataFolder = join(folder, 'data');
  await plantHostileAddons(dataFolder);
  return measureAttacks(connectTo(await startBenchHost(dataFolder)), folder);
}

/** The same beside the desktop app. */
export async function benchHostileDesktop(folder: string): Promise<Row[]> {
  const dataFolder = join(folder, 'data');
  await plantHostileAddons(dataFolder);
  const desktop = await startBenchDesktop(dataFolder);
  if (desktop) return measureAttacks(desktop, folder);
  return [
    { what: 'hostile add-ons in the desktop app', value: 'skipped', goal: '', detail: 'no display; try xvfb-run -a' },
  ];
}

async function measureAttacks(host: HostConnection, folder: string): Promise<Row[]> {
  const { call } = host;
  const rows: Row[] = [];
  try {
    await call('preferences.set', { key: 'addons.prometheus.address', value: `127.0.0.1:${await freePort()}` });
    await call('addon.enable', { id: 'prometheus' });
    const render = await renderOnAndOn(host, join(folder, 'frames'));
    const measure = await measurer(render.written);
    let before = await measure();
    for (const [what, ids] of [...ALONE.map((id) => [id, [id]] as const), ['all', Object.keys(ATTACKS)] as const]) {
      const beside: Speed[] = [];
      for (let time = 0; time < 2; time++) {
        beside.push(
          await measure(
            async () => void (await Promise.all(ids.map((id) => call('addon.enable', { id })))),
            async () => void (await Promise.all(ids.map((id) => call('addon.disable', { id })))),
          ),
        );
      }
      const after = await measure();
      const share = mean(beside) / mean([before, after]);
      const disturbed = Math.max(...[before, after, ...beside].map(({ foreign }) => foreign));
      rows.push({
        what:
          what === 'all'
            ? `frames beside ${ids.length} hostile add-ons at once against none`
            : `frames beside an add-on that ${what} against none`,
        value: share.toFixed(2),
        goal: what === 'all' ? '' : '≥ 0.95',
        detail: [
          `${beside.map(({ rate }) => rate.toFixed(2)).join(' and ')} frames/s of ${before.rate.toFixed(2)} and ${after.rate.toFixed(2)}`,
          ...(disturbed > FOREIGN ? [`others took ${(100 * disturbed).toFixed(0)} % of the machine`] : []),
        ].join('; '),
      });
      before = after;
    }
    rows.push({
      what: 'frames lost beside hostile add-ons',
      value: '0',
      goal: '0',
      detail: `${await render.end()} written`,
    });
  } finally {
    await host.close();
  }
  return rows;
}

interface Speed {
  /** Frames per second. */
  readonly rate: number;
  /** Share of the machine that others took; 0 where that is unknown. */
  readonly foreign: number;
}

const mean = (speeds: readonly Speed[]): number => speeds.reduce((sum, { rate }) => sum + rate, 0) / speeds.length;

/** Measures for some seconds, once more if others took too much of the machine meanwhile. */
async function measurer(
  written: readonly number[],
): Promise<(begin?: () => Promise<void>, end?: () => Promise<void>) => Promise<Speed>> {
  const load = await watchForeignLoad();
  let repeats = REPEATS;
  return async (begin, end) => {
    for (;;) {
      await load.share();
      const first = written.length - 1;
      await begin?.();
      await wait(SECONDS * 1_000);
      const last = written.length - 1;
      const foreign = (await load.share()) ?? 0;
      await end?.();
      if (foreign > FOREIGN && repeats-- > 0) continue;
      return { rate: last === first ? 0 : ((last - first) * 1_000) / (written[last]! - written[first]!), foreign };
    }
  };
}

/** Renders one job after another. @returns once frames are written, the time of each; and what ends it */
async function renderOnAndOn(
  host: HostConnection,
  output: string,
): Promise<{ written: readonly number[]; end: () => Promise<number> }> {
  const { call } = host;
  const written: number[] = [];
  const over = new AbortController();
  let jobs = 0;
  let warm: () => void;
  const isWarm = new Promise<void>((settle) => (warm = settle));
  host.subscribe((event) => {
    if (event.type !== 'frame' || event.frame.state !== 'done') return;
    written.push(performance.now());
    if (written.length === FRAMES) warm();
  });
  async function render(): Promise<void> {
    const folder = join(output, String(++jobs));
    const ended = new Promise<{ state: string; frames: { failed: number } }>((settle) => {
      const unsubscribe = host.subscribe((event) => {
        if (event.type !== 'job' || event.job.finishedAt === null || !event.job.settings.output.startsWith(folder))
          return;
        unsubscribe();
        settle(event.job);
      });
    });
    await call('job.submit', { scene: TURNTABLE, frames: `1-${FRAMES}`, ...SIZE, output: join(folder, '####.png') });
    const { state, frames } = await ended;
    const images = (await readdir(folder)).filter((name) => name.endsWith('.png')).length;
    if (state !== 'completed' || frames.failed > 0 || images !== FRAMES)
      throw new Error(`A render beside hostile add-ons lost frames: ${state}, ${images} of ${FRAMES} written.`);
  }
  // Two at a time, so that one is always waiting.
  const lines = [1, 2].map(async () => {
    while (!over.signal.aborted) await render();
  });
  const ended = Promise.all(lines);
  ended.catch(() => undefined);
  await Promise.race([isWarm, ended]);
  return {
    written,
    async end() {
      over.abort();
      await ended;
      return written.length;
    },
  };
}
