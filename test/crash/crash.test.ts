import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Database from 'libsql';
import { expect, it } from 'vitest';
import type { Addon } from '../../src/shared/addons';
import type { HostState } from '../../src/shared/host-api';
import type { Frame, Job } from '../../src/shared/jobs';
import type { EngineId } from '../../src/shared/scene';
import { blenderScenes } from '../helpers/blender-scenes';
import { TURNTABLE } from '../helpers/cli';
import { parseExposition } from '../helpers/exposition';
import { needs } from '../helpers/needs';
import { temporaryFolder } from '../helpers/temporary-folder';
import { type CrashHost, makeCrashHost } from './crash-host';
import { watchEvents } from './event-watch';
import { createImageLedger } from './image-ledger';
import { type Process, kill } from './processes';
import { randomFrom } from './random';
import { waitUntil } from './wait-until';

/** FRAMEGAUGE_CRASH_ROUNDS=2000 is for a night. */
const ASKED = process.env['FRAMEGAUGE_CRASH_ROUNDS'];
const ROUNDS = Number(ASKED ?? 200);
/** After this time, in milliseconds, a fifth of the rounds is enough on a slow machine, unless a number was asked for. */
const ENOUGH = ASKED === undefined ? 300_000 : Number.POSITIVE_INFINITY;
const SEED = 20_261_121;
/** The longest time between two kills, in milliseconds. */
const LONGEST_WAIT = 700;
/** How often an engine’s workers are killed before it has written a frame. */
const HITS_IN_A_ROW = 2;
/** As many frames of an engine as are verified at a time: one for each worker. */
const MAX_IN_VERIFICATION = 2;
/** A worker that says nothing for so long is replaced, in seconds: at least, and against what first frames took. */
const LEAST_TIMEOUT = 15;
const TIMEOUT_FACTOR = 5;
const [WIDTH, HEIGHT] = [64, 36];

const VICTIMS = ['host', 'page', 'blender', 'addon'] as const;
type Victim = (typeof VICTIMS)[number];

/** How often each is chosen, among a hundred. */
const WEIGHTS: Readonly<Record<Victim, number>> = { host: 20, page: 48, blender: 24, addon: 8 };

/** The processes of a kind that there are now: of a page’s browser any may be hit. */
function processesOf(victim: Victim, host: CrashHost): Process[] {
  const family = host.descendants();
  const own = (fits: (command: string) => boolean): Process[] =>
    family.filter(({ parent, command }) => parent === host.pid && fits(command.join(' ')));
  if (victim === 'addon') return own((command) => command.includes('bootstrap.js'));
  if (victim === 'blender') return own((command) => command.includes('--background'));
  const browsers = new Set(own((command) => command.includes('--remote-debugging-pipe')).map(({ pid }) => pid));
  for (const { pid, parent } of family) if (browsers.has(parent)) browsers.add(pid);
  return family.filter(({ pid }) => browsers.has(pid));
}

/**
 * The frames that a dead host’s database has as done; read from a copy, so that nothing is changed under the next host.
 */
function doneFrames(dataFolder: string, copy: string): Map<number, number[]> {
  mkdirSync(copy, { recursive: true });
  for (const suffix of ['', '-wal'])
    if (existsSync(join(dataFolder, `queue.sqlite${suffix}`)))
      copyFileSync(join(dataFolder, `queue.sqlite${suffix}`), join(copy, `queue.sqlite${suffix}`));
  const database = new Database(join(copy, 'queue.sqlite'));
  try {
    const rows = database
      .prepare(
        "SELECT job_id AS job, frame FROM frames WHERE state = 'done' AND job_id IN (SELECT id FROM jobs WHERE state NOT IN ('completed'))",
      )
      .all() as { job: number; frame: number }[];
    const byJob = new Map<number, number[]>();
    for (const { job, frame } of rows) byJob.set(job, [...(byJob.get(job) ?? []), frame]);
    return byJob;
  } finally {
    database.close();
  }
}

/** Kills at random moments, looks after everything, and keeps the queue fed. @param rounds as many as there is time for */
async function crashRounds(rounds: number, victims: readonly Victim[], blend: string | null): Promise<void> {
  const folder = temporaryFolder();
  const random = randomFrom(SEED);
  const host = await makeCrashHost(folder, {
    prometheus: true,
    preferences: {
      'render.workers': 2,
      // Until it is known how fast the machine is.
      'render.workerTimeout': 600,
      'queue.stuckMinutes': 10,
      'queue.minFreeSpace': 0,
      'blender.factoryStartup': true,
    },
  });
  const ledger = createImageLedger(WIDTH, HEIGHT);
  const events = watchEvents(host);
  const kills: Record<Victim, number> = { host: 0, page: 0, blender: 0, addon: 0 };
  const unfinished = new Map<number, { readonly folder: string; readonly engine: string }>();
  const done = new Map<number, Set<number>>();
  /** Kills of an engine’s workers since it wrote its last frame, and how many it had written before. */
  const hits: Record<'page' | 'blender', { engine: EngineId; inARow: number; written: number }> = {
    page: { engine: 'gltf', inARow: 0, written: 0 },
    blender: { engine: 'blender', inARow: 0, written: 0 },
  };
  let frames = 0;
  let rendered = 0;
  let jobs = 0;

  async function addJob(scene: string, range: string): Promise<void> {
    const output = join(folder, 'out', String(++jobs));
    const blender = scene.endsWith('.blend');
    const job = await host.ask<Job>('POST', '/jobs', {
      scene,
      frames: range,
      size: `${WIDTH}x${HEIGHT}`,
      samples: 1,
      output: join(output, '####.png'),
      attempts: 100,
      failureShare: 1,
      // Blender’s jobs go first and leave a worker to the others, so that both are always there to be hit.
      ...(blender ? { workers: 1, priority: 1 } : {}),
    });
    frames += job.frames.total;
    unfinished.set(job.id, { folder: output, engine: job.engine });
  }

  async function feed(): Promise<void> {
    const of = (engine: string): number => [...unfinished.values()].filter((job) => job.engine === engine).length;
    while (of('gltf') < 2) await addJob(TURNTABLE, '1-40');
    if (blend && of('blender') < 1) await addJob(blend, '1-24');
  }

  /** Lets every engine render a frame, and has workers replaced that take far longer than that took here and now. */
  async function measureMachine(): Promise<void> {
    const engines: readonly EngineId[] = blend ? ['gltf', 'blender'] : ['gltf'];
    const begun = performance.now();
    await waitUntil({
      what: `a first frame of ${engines.join(' and ')}`,
      async ask() {
        await check();
        await feed();
        return engines.every((engine) => events.written(engine) > 0) ? true : null;
      },
      missing: jobsLeft,
      next,
      progress: () => engines.filter((engine) => events.written(engine) > 0).length,
    });
    const seconds = (performance.now() - begun) / 1000;
    const timeout = Math.max(LEAST_TIMEOUT, Math.ceil(seconds * TIMEOUT_FACTOR));
    await host.ask('PUT', '/preferences/render.workerTimeout', { value: timeout });
    await host.ask('PUT', '/preferences/queue.stuckMinutes', { value: (timeout * 2) / 60 });
  }

  /** Everything that must hold at any moment. */
  async function check(): Promise<void> {
    for (const [id, { folder: output }] of Array.from(unfinished)) {
      const job = await host.ask<Job>('GET', `/jobs/${id}`);
      if (['failed', 'cancelled'].includes(job.state)) throw new Error(`Job ${id} is ${job.state}: ${job.reason}`);
      const now = (await host.ask<Frame[]>('GET', `/jobs/${id}/frames?state=done`)).map(({ frame }) => frame);
      const missing = [...(done.get(id) ?? [])].filter((frame) => !now.includes(frame));
      if (missing.length > 0) throw new Error(`Frames ${missing.join()} of job ${id} were done and are no more.`);
      done.set(id, new Set(now));
      await ledger.look(output, job.state === 'completed');
      if (job.state !== 'completed') continue;
      if (now.length !== job.frames.total)
        throw new Error(
          `Job ${id} is complete with ${now.length} of ${job.frames.total} frames: ${JSON.stringify(job.frames)}`,
        );
      unfinished.delete(id);
      done.delete(id);
    }
    await events.read();
  }

  /** What was told up to now was looked at: there is something new to look at with the next event. */
  const next = (): Promise<void> => host.nextEvent(events.count);

  function jobsLeft(): string {
    const left = [...unfinished].map(
      ([id, { engine }]) => `job ${id} (${engine}), of which ${done.get(id)?.size ?? 0} frames are done`,
    );
    return left.length === 0 ? 'no job is left' : `the end of ${left.join(', ')}`;
  }

  /** Frames counted since the host’s start, as the add-on serves them; null while it does not. */
  async function counted(): Promise<number | null> {
    const text = await fetch(`${host.metricsUrl}/metrics`)
      .then((response) => (response.ok ? response.text() : null))
      .catch(() => null);
    if (text === null) return null;
    const value = parseExposition(text)
      .samples.filter(({ name }) => name === 'framegauge_frames_rendered_total')
      .reduce((sum, sample) => sum + sample.value, 0);
    if (value < rendered)
      throw new Error(
        `framegauge_frames_rendered_total fell from ${rendered} to ${value} within one life of the host.`,
      );
    rendered = value;
    return value;
  }

  async function checkCounter(): Promise<void> {
    await events.read();
    const before = events.writtenInThisLife;
    await waitUntil({
      what: 'a scrape that counts every frame told',
      async ask() {
        const value = await counted();
        if (value === null) return null;
        await events.read();
        if (value > events.writtenInThisLife)
          throw new Error(
            `framegauge_frames_rendered_total is ${value}, and ${events.writtenInThisLife} frames were told to be written.`,
          );
        return value >= before ? value : null;
      },
      missing: () => `${before} frames in framegauge_frames_rendered_total, which was ${rendered} last`,
      next,
      progress: () => rendered,
    });
  }

  async function restart(): Promise<void> {
    const marked = doneFrames(host.dataFolder, join(folder, 'copy'));
    rendered = 0;
    await host.start();
    for (const [id, list] of marked) done.set(id, new Set([...(done.get(id) ?? []), ...list]));
  }

  /**
   * A queue gives a job up whose workers don’t even start, three times in a row: on a slow machine they must be let
   * live now and then.
   */
  async function letLive(hit: { engine: EngineId; inARow: number; written: number }): Promise<void> {
    // Frames that were being verified at the last kill say nothing about the worker that replaced it.
    const progressed = (): boolean => events.written(hit.engine) > hit.written + MAX_IN_VERIFICATION;
    if (hit.inARow >= HITS_IN_A_ROW) {
      await waitUntil({
        what: `a frame of ${hit.engine} between the kills`,
        async ask() {
          await check();
          await feed();
          return progressed() ? true : null;
        },
        missing: () => `more than ${hit.written + MAX_IN_VERIFICATION} frames of ${hit.engine}; ${jobsLeft()}`,
        next,
      });
    }
    if (progressed()) hit.inARow = 0;
  }

  /** Only what is written after a kill shows that a worker has lived since. */
  async function countHit(hit: { engine: EngineId; inARow: number; written: number }): Promise<void> {
    await events.read();
    hit.inARow++;
    hit.written = events.written(hit.engine);
  }

  function chosen(): Victim {
    const all = victims.reduce((sum, victim) => sum + WEIGHTS[victim], 0);
    let at = random.int(all);
    return victims.find((victim) => (at -= WEIGHTS[victim]) < 0)!;
  }

  /** What a person would look at when something is wrong. */
  async function describeHost(): Promise<string> {
    const state = await host.ask<HostState>('GET', '/state').catch(() => null);
    if (!state) return 'The host does not answer.';
    const jobsLeft = state.jobs
      .filter(({ id }) => unfinished.has(id))
      .map(({ id, engine, state: is, reason, waitsFor, frames: of }) => ({ id, engine, is, reason, waitsFor, of }));
    return JSON.stringify(
      { queue: state.queue, workers: state.workers, jobs: jobsLeft, notices: state.notices, kills },
      null,
      1,
    );
  }

  try {
    await live();
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${await describeHost()}`, {
      cause: error,
    });
  }

  async function live(): Promise<void> {
    await host.start();
    await measureMachine();
    const begun = performance.now();
    const late = (round: number): boolean => round >= rounds / 5 && performance.now() - begun > ENOUGH;
    for (let round = 0; round < rounds && !late(round); round++) {
      await feed();
      const victim = chosen();
      if (victim === 'page' || victim === 'blender') await letLive(hits[victim]);
      await delay(random.int(LONGEST_WAIT));
      const choice = random.int(1 << 30);
      if (victim === 'host') {
        await host.kill();
        await restart();
      } else {
        const [addon] = victim === 'addon' ? await host.ask<Addon[]>('GET', '/addons') : [];
        // One that crashes too often within a short time stays off until somebody enables it.
        if (addon?.state === 'failed') await host.ask('POST', `/addons/${addon.manifest.id}/enable`);
        const there = await waitUntil({
          what: `a ${victim} to kill in round ${round}`,
          async ask() {
            const found = processesOf(victim, host);
            if (found.length === 0) {
              // What there was to render may be through meanwhile.
              await check();
              await feed();
            }
            return found.length > 0 ? found : null;
          },
          missing: () => `a process of its kind below the host, ${host.pid}; ${jobsLeft()}`,
          next,
        });
        kill(there[choice % there.length]!.pid);
        if (victim === 'page' || victim === 'blender') await countHit(hits[victim]);
      }
      kills[victim]++;
      await check();
      if (round % 10 === 9 && victim !== 'addon') await checkCounter();
    }
    // Nothing is stuck: what is queued completes, without anybody’s doing.
    await waitUntil({
      what: 'the end of every job',
      async ask() {
        await check();
        return unfinished.size === 0 ? true : null;
      },
      missing: jobsLeft,
      next,
      progress: () => events.written('gltf') + events.written('blender'),
    });
    await host.end();
    expect(ledger.size).toBe(frames);
    expect(events.lives).toBe(kills.host + 1);
  }
  console.log(
    `${Object.values(kills).reduce((sum, count) => sum + count)} of ${rounds} rounds: killed ${victims.map((victim) => `${victim} ${kills[victim]}`).join(', ')}; ${frames} frames of ${jobs} jobs, ${events.count} events`,
  );
}

// Three in five without Blender, so that most of them are made on a machine that has none.
needs.chromium('a host that is hit at random moments', () => {
  it('loses, repeats and forgets nothing, and neither do its pages and its add-on', { timeout: 0 }, () =>
    crashRounds(Math.ceil(ROUNDS * 0.6), ['host', 'page', 'addon'], null),
  );

  needs.blender('with Blender', () => {
    it('neither does that', { timeout: 0 }, async () =>
      crashRounds(Math.floor(ROUNDS * 0.4), VICTIMS, join(await blenderScenes(), 'anim.blend')),
    );
  });
});
