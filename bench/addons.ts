import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { createUnpacker } from '../src/addon/api/metrics/packed-families';
import type { AddonManager } from '../src/main/addons/addon-manager';
import { enableAddon, manageAddons } from './manage-addons';
import { percentile } from './percentile';
import type { Row } from './report';
import { eventOf } from './sample-event';

/** Events of one burst; the channel holds 20,000 that are not yet read. */
const EVENTS = 10_000;
const RUNS = 11;
const ADDONS = 20;
/** Milliseconds between two frames, and between two scrapes, while the event loop is watched. */
const FRAME = 50;
const SCRAPE = 1_000;
const WATCHED = 5_000;

const FRAME_EVENTS = ['render_pre', 'render_post', 'render_write', 'render_stats'] as const;

const ADDON = `export function register(ctx) {
  const written = ctx.metrics.counter({ name: ctx.id.replace(/-/g, '_') + '_written_total', help: 'Frames', labelNames: ['engine'] });
  for (const event of ${JSON.stringify(FRAME_EVENTS)})
    ctx.handlers.on(event, (about) => written.inc({ engine: about.engine }), { persistent: true });
  ctx.status({ level: 'ok', text: 'ready' });
}`;

/**
 * Measures events through an add-on — host, channel, handler, metric — against bare messages to a child process, and
 * the delay of the host's event loop with 20 add-ons enabled against none, both of which get four events a frame.
 */
export async function benchAddons(folder: string): Promise<Row[]> {
  const ids = Array.from({ length: ADDONS }, (_, index) => `bench-${index + 1}`);
  const manager = await manageAddons(folder, Object.fromEntries(ids.map((id) => [id, ADDON])));
  try {
    const none = await loopDelay(manager);
    await enableAddon(manager, ids[0]!);
    const through = await eventsThrough(manager);
    for (const id of ids) await enableAddon(manager, id);
    const all = await loopDelay(manager);
    return [
      through,
      {
        what: `99th percentile of the host's event loop delay with ${ADDONS} add-ons, ${1_000 / FRAME} frames a second`,
        value: `${all.p99.toFixed(1)} ms`,
        goal: '≤ 20 ms',
        detail: `${none.p99.toFixed(1)} ms with none; longest ${all.max.toFixed(1)} against ${none.max.toFixed(1)} ms`,
      },
    ];
  } finally {
    await manager.close();
  }
}

async function eventsThrough(manager: AddonManager): Promise<Row> {
  const child = fork(join(import.meta.dirname, 'count-messages.mjs'), { serialization: 'advanced' });
  try {
    const bare = async (): Promise<number> => {
      for (let seq = 1; seq <= EVENTS; seq++) child.send({ type: 'event', event: eventOf(seq) });
      child.send({ type: 'count' });
      return ((await once(child, 'message')) as [number])[0];
    };
    const through = async (): Promise<number> => {
      for (let seq = 1; seq <= EVENTS; seq++) manager.deliver(eventOf(seq));
      // Answered after the events.
      return counted(manager);
    };
    const times: Record<'bare' | 'through', number[]> = { bare: [], through: [] };
    // Alternating, so that other load on the machine affects both.
    for (let run = 1; run <= RUNS; run++)
      for (const [name, send] of [['bare', bare] as const, ['through', through] as const]) {
        const began = performance.now();
        const count = await send();
        times[name].push(performance.now() - began);
        if (count !== run * EVENTS) throw new Error(`${name}: ${count} of ${run * EVENTS} events were counted.`);
      }
    const [limit, time] = [percentile(times.bare, 0.5), percentile(times.through, 0.5)];
    const rate = (milliseconds: number): string => Math.round((EVENTS / milliseconds) * 1_000).toLocaleString('en');
    return {
      what: 'events a second through an add-on, from the host to its handler and metric',
      value: rate(time),
      goal: '≥ 5,000',
      detail: `${rate(limit)} bare messages; ${(time / limit).toFixed(2)} times as long`,
    };
  } finally {
    child.disconnect();
  }
}

/** The count in the metrics of the only add-on that runs. */
async function counted(manager: AddonManager): Promise<number> {
  const { addons } = await manager.collectFamilies();
  const [only] = addons;
  if (!only) throw new Error('The add-on did not tell its metrics in time.');
  const families = createUnpacker().unpack(only.addonId, only.packed, {
    foreign: true,
    report: (name, problem) => {
      throw new Error(`${name}: ${problem}`);
    },
  });
  return families[0]?.values[0]?.value ?? Number.NaN;
}

/** Delay of this process's event loop in milliseconds, while frames are written and metrics are scraped. */
async function loopDelay(manager: AddonManager): Promise<{ p99: number; max: number }> {
  await manager.collectFamilies();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const until = performance.now() + WATCHED;
  let seq = 0;
  let nextScrape = performance.now();
  delay.enable();
  while (performance.now() < until) {
    manager.deliver({ ...eventOf(seq), name: FRAME_EVENTS[seq++ % FRAME_EVENTS.length]! });
    if (performance.now() >= nextScrape) {
      nextScrape += SCRAPE;
      await manager.collectFamilies();
    }
    await wait(FRAME / FRAME_EVENTS.length);
  }
  delay.disable();
  return { p99: delay.percentile(99) / 1e6, max: delay.max / 1e6 };
}
