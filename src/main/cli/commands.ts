import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Addon, PreferenceValue } from '../../shared/addons';
import { UserError } from '../../shared/user-error';
import { findRunningHost } from '../running-host';
import { firstScene, startHeadless, withHost } from './environment';
import { type JobOutcome, isWhole, renderJob } from './follow-job';
import { connectTo } from './host-connection';
import { createProgressView } from './progress';
import { type RenderOptions, jobRequestOf } from './render-options';

/** How a command reaches the outside, so that tests can stand in its place. */
export interface Terminal {
  readonly out: NodeJS.WriteStream;
  readonly err: NodeJS.WriteStream;
  /** Aborted by Ctrl+C or SIGTERM. */
  readonly signal: AbortSignal;
}

const interrupted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** @returns the exit code: 0 only if every frame asked for is there */
export async function render(scene: string, options: RenderOptions & { json?: boolean }, dataFolder: string, terminal: Terminal): Promise<number> {
  const request = jobRequestOf(scene, options);
  const outcome = await withHost(dataFolder, 'active', async (host, own) => {
    // A host of our own opens the scene, so that add-ons see it loaded; one that runs keeps the scene that its user has open.
    if (own) await host.call('scene.open', { path: request.scene });
    return renderJob(host, request, createProgressView(options.json ? terminal.err : terminal.out), terminal.signal);
  });
  report(outcome, options.json === true, terminal);
  return isWhole(outcome) ? 0 : 1;
}

function report(outcome: JobOutcome, json: boolean, { out, err }: Terminal): void {
  if (json) out.write(`${JSON.stringify(outcome)}\n`);
  const { done, skipped, total } = outcome.frames;
  if (outcome.state !== 'completed') err.write(`Job ${outcome.job} ${outcome.state === 'cancelled' ? 'was cancelled' : 'failed'}: ${outcome.reason ?? 'no reason was given'}\n`);
  else if (!json) out.write(`${done} of ${total} frames rendered in ${outcome.seconds.toFixed(1)} s${skipped > 0 ? `, ${skipped} skipped because they are there already (--overwrite renders them again)` : ''}.\n`);
}

/** Runs a host until Ctrl+C. */
export async function serve(options: { host: string; port: string }, dataFolder: string, terminal: Terminal): Promise<number> {
  const port = Number(options.port);
  if (!/^\d+$/.test(options.port) || port > 65_535) throw new UserError(`--port cannot be “${options.port}”: write a number from 0 to 65535.`, 'arguments');
  const running = await findRunningHost(dataFolder);
  if (running) throw new UserError(`Framegauge runs already on ${dataFolder}: its UI is at ${running.url}/#token=${running.token} (process ${running.pid}).`);
  const host = await startHeadless(dataFolder, { scene: firstScene, listen: { host: options.host, port } });
  terminal.out.write(`Framegauge serves its UI at ${host.uiUrl}\nPress Ctrl+C to end it; unfinished jobs go on at the next start.\n`);
  const connection = connectTo(host);
  for (const notice of (await connection.call('host.state', {})).notices) terminal.err.write(`${notice.text}\n`);
  for (const addon of (await connection.call('host.state', {})).addons) if (addon.enabled) terminal.out.write(`${describeAddon(addon)}\n`);
  await interrupted(terminal.signal);
  await host.close();
  return 0;
}

/** Renders the first scene with the Prometheus add-on enabled, and serves its metrics until Ctrl+C. */
export async function demo(options: { exit?: boolean; output?: string }, dataOption: string | null, terminal: Terminal): Promise<number> {
  // What the demo sets is not to be found later in the person's own preferences.
  const dataFolder = dataOption ?? (await mkdtemp(join(tmpdir(), 'framegauge-demo-')));
  try {
    return await withHost(dataFolder, 'active', async (host, own) => {
      if (own) await host.call('scene.open', { path: firstScene });
      const addon = await host.call('addon.enable', { id: 'prometheus' });
      terminal.out.write(`${describeAddon(addon)}\n`);
      const request = jobRequestOf(firstScene, { overwrite: true, size: '640x360', samples: '4', ...(options.output === undefined ? {} : { output: options.output }) });
      const outcome = await renderJob(host, request, createProgressView(terminal.out), terminal.signal);
      report(outcome, false, terminal);
      const first = outcome.files[0];
      if (first !== undefined) terminal.out.write(`The images are ${first} and those beside it.\n`);
      if (!options.exit && !terminal.signal.aborted) {
        terminal.out.write('The metrics are served until you press Ctrl+C.\n');
        await interrupted(terminal.signal);
      }
      return isWhole(outcome) ? 0 : 1;
    });
  } finally {
    if (dataOption === null) await rm(dataFolder, { recursive: true, force: true });
  }
}

/** One line on an add-on: its state, and what it says itself. */
export function describeAddon(addon: Addon): string {
  const state = addon.state === 'failed' ? `failed: ${addon.reason ?? 'no reason was given'}` : addon.state;
  return `${addon.manifest.name} ${addon.manifest.version}: ${state}${addon.status ? ` — ${addon.status.text}` : ''}`;
}

export async function listAddons(options: { json?: boolean }, dataFolder: string, terminal: Terminal): Promise<number> {
  const { addons } = await withHost(dataFolder, 'passive', (host) => host.call('host.state', {}));
  if (options.json) terminal.out.write(`${JSON.stringify(addons)}\n`);
  else for (const addon of addons) terminal.out.write(`${addon.enabled ? '[x]' : '[ ]'} ${addon.manifest.id.padEnd(16)} ${describeAddon(addon)}\n`);
  return 0;
}

/** @returns 1 when the add-on did not come up */
export async function switchAddon(id: string, enable: boolean, dataFolder: string, terminal: Terminal): Promise<number> {
  const addon = await withHost(dataFolder, 'passive', async (host, own) => {
    const switched = await host.call(enable ? 'addon.enable' : 'addon.disable', { id });
    if (own && enable) terminal.err.write('No host runs on this data folder: the add-on works as soon as one does.\n');
    return switched;
  });
  terminal.out.write(`${describeAddon(addon)}\n`);
  return enable && addon.state === 'failed' ? 1 : 0;
}

/** Every preference by its full key. */
async function allPreferences(dataFolder: string): Promise<Record<string, PreferenceValue>> {
  const { preferences, addons } = await withHost(dataFolder, 'passive', (host) => host.call('host.state', {}));
  const ofAddons = addons.flatMap((addon) => Object.entries(addon.preferences).map(([key, value]) => [`addons.${addon.manifest.id}.${key}`, value] as const));
  return { ...preferences, ...Object.fromEntries(ofAddons) };
}

export async function getPreferences(key: string | undefined, options: { json?: boolean }, dataFolder: string, terminal: Terminal): Promise<number> {
  const all = await allPreferences(dataFolder);
  if (key === undefined) {
    if (options.json) terminal.out.write(`${JSON.stringify(all)}\n`);
    else for (const [name, value] of Object.entries(all)) terminal.out.write(`${name} = ${String(value)}\n`);
    return 0;
  }
  const value = all[key];
  if (value === undefined) throw new UserError(`There is no preference “${key}”: “framegauge prefs get” lists them.`, 'arguments');
  terminal.out.write(`${options.json ? JSON.stringify(value) : String(value)}\n`);
  return 0;
}

export async function setPreference(key: string, value: string, dataFolder: string, terminal: Terminal): Promise<number> {
  const set = await withHost(dataFolder, 'passive', (host) => host.call('preferences.set', { key, value }));
  terminal.out.write(`${set.key} = ${String(set.value)}\n`);
  if (set.addon?.state === 'running') terminal.out.write(`${describeAddon(set.addon)}\n`);
  return 0;
}

/** Writes the monitoring kit into a folder. */
export async function saveMonitoring(folder: string, dataFolder: string, terminal: Terminal): Promise<number> {
  const saved = await withHost(dataFolder, 'passive', (host) => host.call('monitoring.save', { folder: resolve(folder) }));
  terminal.out.write(`${saved.files.length} files are in ${saved.folder}; README.md there says how to start Prometheus and Grafana with them.\n`);
  return 0;
}
