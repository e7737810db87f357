import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddonRequest, LeftBehind } from '../../../shared/addon-protocol';
import type { AddonLogLine, AddonManifest } from '../../../shared/addons';
import { UserError, messageOf } from '../../../shared/user-error';
import { ADDON_DEADLINES } from '../addon-deadlines';
import { startAddonProcess } from '../addon-process';
import { createConfiner, grantedFreely } from '../confinement';
import { deniedSentence } from '../denied-sentence';
import { effectivePreferences } from '../../preferences/preference-value';
import type { Finding } from './finding';
import { RECORDED_EVENTS } from './recorded-events';
import { sampleSnapshot } from './sample-snapshot';

/** Maximum number of log lines that become findings. */
const MAX_LINES = 20;

export interface AddonTest {
  /** Errors first; none of them where the add-on passed. */
  readonly findings: readonly Finding[];
  /** Number of recorded events that it was sent. */
  readonly events: number;
  /** How long `register` took, in seconds; null when it failed. */
  readonly registerSeconds: number | null;
}

export interface TestOptions {
  /** Folder of the built add-on code, with `bootstrap.js`. */
  readonly builtFolder: string;
  /** Every log line as it arrives. */
  readonly onLog?: (line: AddonLogLine) => void;
  /** Ends the test early, and the add-on's process with it. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a built add-on as a host would, in a process of its own: `register`, the recorded events, its metrics, every
 * preference once with its default, `unregister`. Finds what throws, what takes too long, and what it leaves behind.
 * Child processes that outlive it are ended.
 */
export async function testAddon(folder: string, manifest: AddonManifest, options: TestOptions): Promise<AddonTest> {
  const findings: Finding[] = [];
  const error = (text: string): void => void findings.push({ level: 'error', text });
  let lines = 0;
  let left: readonly LeftBehind[] | null = null;
  const preferences = effectivePreferences(manifest.preferences, {});
  const began = performance.now();
  const dataFolder = await mkdtemp(join(tmpdir(), 'framegauge-addon-test-'));
  const confined = await createConfiner({
    builtFolder: options.builtFolder,
    dataFolder,
    uploads: null,
    folders: () => ({ output: [], scenes: [] }),
    // What it leaves behind is looked for by process ids, which are others in the sandbox.
    sandbox: false,
  })
    .confine({ manifest, folder, bundled: false, stored: {}, values: preferences })
    .catch((failure: unknown) => messageOf(failure));
  if (typeof confined === 'string') {
    await rm(dataFolder, { recursive: true, force: true });
    return {
      findings: [{ level: 'error', text: `It cannot be started: ${confined}.` }],
      events: 0,
      registerSeconds: null,
    };
  }
  const addon = startAddonProcess({
    addonId: manifest.id,
    bundled: false,
    bootstrap: join(options.builtFolder, 'bootstrap.js'),
    main: confined.main,
    folder: confined.folder,
    storage: confined.storage,
    granted: grantedFreely(manifest),
    onDenied: (denied) => error(deniedSentence(denied, confined.isolation, dataFolder)),
    command: confined.command,
    preferences,
    // Its metrics are asked for behind all events, on a machine that may be busy with other things.
    deadlines: { ...ADDON_DEADLINES, metrics: ADDON_DEADLINES.answer },
    memoryLimit: confined.memoryLimit,
    storageLimit: confined.storageLimit,
    onStatus: (status) => {
      if (status && status.level !== 'ok') findings.push({ level: 'note', text: `Its status was: ${status.text}` });
    },
    onLog(line) {
      options.onLog?.(line);
      if ((line.level === 'error' || line.level === 'warn') && ++lines <= MAX_LINES)
        findings.push({ level: line.level === 'error' ? 'error' : 'note', text: `It logged: ${line.text}` });
    },
    onWarning: (text) => findings.push({ level: 'note', text }),
    onHandlerError: (event, times) =>
      error(`A handler of ${event} failed${times > 1 ? ` ${times} times` : ''}; its log says why.`),
    onLeftOut: (_id, text) => error(text),
    onHandlerTime: () => undefined,
    onLeftBehind: (found) => (left = found),
    onOffer: () => undefined,
    answer,
  });
  const abort = (): void => void addon.stop();
  options.signal?.addEventListener('abort', abort, { once: true });
  let registerSeconds: number | null = null;
  try {
    await addon.registered;
    registerSeconds = (performance.now() - began) / 1000;
    for (const event of RECORDED_EVENTS) addon.deliver(event);
    // Answered once the events before it have been handled.
    if (!(await addon.metrics())) error('Its metrics were not there in time: a host would leave them out.');
    await addon
      .applyPreferences(preferences, Object.keys(preferences))
      .catch((failure: unknown) => error(`Preferences: ${messageOf(failure)}.`));
  } catch (failure) {
    error(`register: ${messageOf(failure)}`);
  }
  const { reason } = await addon.stop();
  await rm(dataFolder, { recursive: true, force: true });
  options.signal?.removeEventListener('abort', abort);
  if (registerSeconds !== null) {
    if (reason !== null) error(`unregister: ${reason}`);
    else if (left === null) error('What it leaves behind could not be seen: its process ended before it was asked to.');
    for (const one of left ?? []) error(describe(one));
    for (const { pid } of left ?? [])
      if (pid !== undefined && endProcess(pid)) error(`The child process ${pid} outlived the add-on and was ended.`);
  }
  const order = ['error', 'warning', 'note'];
  return {
    findings: findings.sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level)),
    events: RECORDED_EVENTS.length,
    registerSeconds,
  };
}

function describe({ kind, where, pid }: LeftBehind): string {
  if (kind === 'metric')
    return `The metric “${where}” is left behind: it was made when the add-on was already being disabled.`;
  const what = kind === 'child process' && pid !== undefined ? `child process ${pid}` : kind;
  return `A ${what} from ${where} is left behind: release it in unregister, with ctx.onDispose, or by ctx.signal.`;
}

/** @returns whether there was a process to end */
function endProcess(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}

/** A host with an empty queue. @throws UserError for what needs a real one */
function answer(request: AddonRequest): unknown {
  switch (request.what) {
    case 'snapshot':
      return sampleSnapshot();
    case 'metrics':
      return { families: [], addons: [], snapshot: sampleSnapshot() };
    case 'operation':
      if (request.operation === 'job.list') return { jobs: [], total: 0 };
      if (request.operation === 'queue.get') return sampleSnapshot().queue;
      break;
    case 'image':
      return null;
  }
  throw new UserError('A test has no queue: “framegauge addons dev” runs the add-on in a host that has one.');
}
