import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { hostToAddonSchema, type AddonToHost, type HostToAddon } from '../../shared/addon-protocol';
import type { OperatorCommand } from '../../shared/operators';
import { messageOf } from '../../shared/user-error';
import { captureConsole, createAddonLog } from './addon-log';
import type { AddonModule } from './context';
import { createContext, type LiveContext } from './create-context';
import { deadline } from './deadline';
import { type AccessWatch, deniedReason, watchAccess } from './denied-access';
import { createDisposalStack } from './disposal-stack';
import { createHandlerFailures } from './handler-failures';
import { createHandlerClock } from './handler-clock';
import { createHandlerList } from './event-handlers';
import { type HostChannel, openHostChannel } from './host-channel';
import { createHostRequests } from './host-requests';
import { type ResourceWatch, watchResources } from './left-behind';
import { packFamilies } from './metrics/packed-families';
import { createSerialQueue } from './serial-queue';

/**
 * The entry point of every add-on process. The host starts it, and it speaks src/shared/addon-protocol.ts: it loads the
 * add-on's main module, calls `register(ctx)`, passes events to the handlers strictly in order, and releases everything
 * on `stop`.
 */

/**
 * Timeout in milliseconds for handling the events received before `stop`, and again for `unregister`. The host kills
 * the process when its own, overall timeout passes.
 */
const DRAIN_DEADLINE = 1_000;
const UNREGISTER_DEADLINE = 2_000;

/** vite.addon.config.ts puts it beside this module. */
const WORKER_MODULE = pathToFileURL(join(dirname(fileURLToPath(import.meta.url)), 'worker-metrics.js')).href;

/** Maximum length of a reason, in characters. */
const MAX_REASON = 1_000;

function openChannel(): HostChannel {
  try {
    return openHostChannel(
      (raw) => {
        const parsed = hostToAddonSchema.safeParse(raw);
        if (parsed.success) receive(parsed.data);
        else log('error', `The host sent a message that this version does not know: ${parsed.error.message}`);
      },
      () => process.exit(0),
    );
  } catch {
    console.error('This is the inside of Framegauge’s add-on processes; it is started by the host only.');
    process.exit(2);
  }
}
const channel = openChannel();

function send(message: AddonToHost, sent?: () => void): void {
  channel.send(message, sent);
}

/** Sends the last message and ends the process, whatever is still running in it. */
function end(message: AddonToHost, code: number): void {
  setTimeout(() => process.exit(code), 500);
  clock.flush();
  failures.flush();
  send(message, () => process.exit(code));
}

const log = createAddonLog((line) => send({ type: 'log', line }));
const stackOf = (error: unknown): string => inspect(error, { depth: 3, maxStringLength: 2_000, maxArrayLength: 20 });
/** The reason reported to the host: readable text, whatever value an add-on throws. */
const reasonOf = (error: unknown): string => {
  const text = deniedReason(error) ?? messageOf(error);
  return text.length > MAX_REASON ? `${text.slice(0, MAX_REASON)}…` : text;
};

const events = createSerialQueue();
/** Separate from events, so that a listener that takes a second to bind a port doesn't delay the counting of frames. */
const preferenceChanges = createSerialQueue();
const disposals = createDisposalStack();
const aborter = new AbortController();
const clock = createHandlerClock((seconds) => send({ type: 'handler-time', seconds }));
const failures = createHandlerFailures((event, reason, times) => send({ type: 'handler-error', event, reason, times }));
const handlers = createHandlerList({
  ran: clock.add,
  changed: (names) => send({ type: 'handlers', events: names }),
  failed(event, error, seconds) {
    access?.inspect(error);
    log('error', `A handler of ${event.name} failed after ${seconds.toFixed(3)} s: ${stackOf(error)}`);
    failures.add(event.name, reasonOf(error));
  },
  late: (event) => send({ type: 'handler-late', event: event.name }),
  slow: (event, seconds) =>
    log('warn', `A handler of ${event.name} took ${seconds.toFixed(1)} s; later events waited for it.`),
});
const requests = createHostRequests(send, (task) => events.push(task), handlers.insideHandler);

let access: AccessWatch | null = null;
let live: LiveContext | null = null;
let addon: AddonModule | null = null;
let started: Promise<void> | null = null;
let stopping = false;
let audit: ResourceWatch | null = null;

type Loaded = Partial<AddonModule> & { default?: Partial<AddonModule> };

async function load(main: string): Promise<AddonModule> {
  let loaded: Loaded;
  try {
    loaded = (await import(/* @vite-ignore */ pathToFileURL(main).href)) as Loaded;
  } catch (error) {
    throw new Error(`Its main module could not be loaded: ${reasonOf(error)}`, { cause: error });
  }
  // A CommonJS module's exports are in `default` when Node cannot detect them statically.
  const found = typeof loaded.register === 'function' ? loaded : loaded.default;
  if (typeof found?.register !== 'function') throw new Error('Its main module exports no function named “register”.');
  return found as AddonModule;
}

async function start(message: Extract<HostToAddon, { type: 'start' }>): Promise<void> {
  access = watchAccess(message.granted, (denied) => send({ type: 'denied', denied }));
  live = createContext({
    id: message.addonId,
    bundled: message.bundled,
    workerModule: WORKER_MODULE,
    preferences: message.preferences,
    storage: message.storage,
    handlers,
    disposals,
    requests,
    send,
    log,
    signal: aborter.signal,
  });
  try {
    if (message.audit) audit = watchResources(process.cwd());
    addon = await load(message.main);
    await addon.register(live.context);
    await live.http.ready();
  } catch (error) {
    access.inspect(error);
    log('error', `register failed: ${stackOf(error)}`);
    aborter.abort();
    await releaseEverything();
    end({ type: 'register-failed', reason: reasonOf(error) }, 1);
    return;
  }
  handlers.announce();
  live.flushStatus();
  send({ type: 'registered' });
}

const releaseEverything = (): Promise<void> =>
  disposals.releaseAll((error) => log('error', `Releasing failed: ${stackOf(error)}`));

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  let reason: string | null = null;
  await deadline(events.idle(), DRAIN_DEADLINE, '').catch(() =>
    log('warn', 'Handlers still ran when the add-on was disabled.'),
  );
  aborter.abort();
  await started;
  try {
    await deadline(
      addon?.unregister?.(),
      UNREGISTER_DEADLINE,
      `unregister did not finish within ${UNREGISTER_DEADLINE / 1000} s.`,
    );
  } catch (error) {
    reason = reasonOf(error);
    log('error', `unregister failed: ${stackOf(error)}`);
  }
  await releaseEverything();
  if (audit) {
    const metrics = (await live?.ownFamilies().catch(() => [])) ?? [];
    const found = [
      ...(await audit.leftBehind()),
      ...metrics.slice(0, 50).map(({ name }) => ({ kind: 'metric' as const, where: name })),
    ];
    send({ type: 'left-behind', found });
  }
  end({ type: 'stopped', reason }, 0);
}

async function answerMetrics(id: number): Promise<void> {
  clock.flush();
  failures.flush();
  try {
    send({ type: 'metrics', id, packed: packFamilies((await live?.ownFamilies()) ?? []) });
  } catch (error) {
    log('error', `Collecting the add-on’s metrics failed: ${stackOf(error)}`);
    send({ type: 'metrics', id, packed: packFamilies([]) });
  }
}

/** An operator's add-on has registered before the operator runs. */
async function receiveOperator(message: OperatorCommand): Promise<void> {
  await started;
  live?.operators.receive(message);
}

function receive(message: HostToAddon): void {
  switch (message.type) {
    case 'start':
      started ??= start(message);
      break;
    case 'event':
      if (!stopping) events.push(() => handlers.run(Object.freeze(message.event)));
      break;
    case 'preferences':
      preferenceChanges.push(async () => {
        await live?.preferencesChanged(message.values, message.changed);
        send({ type: 'preferences-applied', id: message.id });
      });
      break;
    case 'metrics':
      events.push(() => void answerMetrics(message.id));
      break;
    case 'http-request':
      void live?.http.handle(message.id, message.request);
      break;
    case 'http-abort':
      live?.http.abort(message.id);
      break;
    case 'ping':
      send({ type: 'pong', id: message.id });
      break;
    case 'reply':
      requests.answered(message.id, message);
      break;
    case 'operator-run':
    case 'operator-cancel':
      void receiveOperator(message);
      break;
    case 'stop':
      void stop();
  }
}

function crash(error: unknown): void {
  access?.inspect(error);
  log('error', `Nobody caught: ${stackOf(error)}`);
  end({ type: 'stopped', reason: `an error that nobody caught: ${reasonOf(error)}` }, 1);
}

captureConsole(log);
process.on('uncaughtException', crash);
process.on('unhandledRejection', crash);
// Ctrl+C and a service manager's stop reach every process of the group. The host decides when its add-ons end; if it
// dies, the end of the channel ends them.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
