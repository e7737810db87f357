import {
  type AddonRequest,
  type AddonToHost,
  type DeniedAccess,
  type HostToAddon,
  type LeftBehind,
} from '../../shared/addon-protocol';
import { type AddonHttpAnswer, type AddonHttpRequest, HTTP_LIMITS } from '../../shared/addon-http';
import type { AddonLogLine, AddonStatus, PreferenceValues } from '../../shared/addons';
import type { LifecycleEvent, LifecycleEventName } from '../../shared/lifecycle';
import { throttle } from '../../shared/throttle';
import { startTimeout } from '../processes/own-sleep';
import type { OfferCommand, OfferMessage } from './offers/addon-offers';
import { type AddonAnswer, openAddonChannel } from './addon-channel';
import type { AddonDeadlines } from './addon-deadlines';
import { createAddonLimits } from './addon-limits';
import { createAddonLogger } from './addon-logger';
import { answerQuestions } from './answer-questions';
import { type AddonCommand, forkAddon } from './fork-addon';
import { watchProcess } from './process-watch';
import { type RouteTable, createRouteTable } from './route-table';

/** Interval at which a status is shown that changes more often than it may, in milliseconds. */
const STATUS_INTERVAL = 1_000;
/** Maximum length of a reason, in characters. */
const MAX_REASON = 1_000;

export interface AddonProcessOptions {
  readonly addonId: string;
  /** Ships with the program. */
  readonly bundled: boolean;
  /** Absolute path of the built bootstrap. */
  readonly bootstrap: string;
  /** Absolute path of the add-on's main module. */
  readonly main: string;
  /** Absolute path of the add-on's folder, which is the process's working directory. */
  readonly folder: string;
  /** Absolute path of the folder that it may write to. */
  readonly storage: string;
  readonly granted: { readonly network: boolean; readonly processes: boolean };
  /** What is started. */
  readonly command: AddonCommand;
  readonly preferences: PreferenceValues;
  /** Watches what its code acquires, and receives what is left of that once it was stopped; see {@link LeftBehind}. */
  readonly onLeftBehind?: (found: readonly LeftBehind[]) => void;
  readonly deadlines: AddonDeadlines;
  /** Of its memory with that of what it starts, in MB. */
  readonly memoryLimit: number;
  /** Of what it stores, in MB; null for none. */
  readonly storageLimit: number | null;
  readonly onStatus: (status: AddonStatus | null) => void;
  readonly onLog: (line: AddonLogLine) => void;
  /** It is near a limit, or over one: a sentence. */
  readonly onWarning: (text: string) => void;
  /** Handlers of an event threw this many more times. */
  readonly onHandlerError: (event: LifecycleEventName, times: number) => void;
  /** It tried something without the permission for it. */
  readonly onDenied?: (denied: DeniedAccess) => void;
  /** Metrics of an add-on cannot be served; the reason is a sentence. */
  readonly onLeftOut: (addonId: string, text: string) => void;
  /** Its handlers ran for this many more seconds. */
  readonly onHandlerTime: (seconds: number) => void;
  readonly onOffer: (message: OfferMessage) => void;
  /**
   * Answers the add-on's requests, at once where it returns no promise. @throws Error, or rejects with one, whose message
   * the add-on is told
   */
  readonly answer: (request: AddonRequest) => unknown;
}

/** How an add-on's process ended. `reason` is null when it was asked to stop and exited cleanly. */
export interface AddonEnd {
  readonly reason: string | null;
  /** It was ended because it went over a limit. */
  readonly overLimit: boolean;
}

/** One add-on in its own process. Every wait for the process has a timeout. */
export interface AddonProcess {
  readonly pid: number | undefined;
  /** Settles when `register` returned. @throws Error saying why it failed, after which the process is gone */
  readonly registered: Promise<void>;
  /** Settles once, never rejects, when the process is gone. */
  readonly ended: Promise<AddonEnd>;
  /** Sends a lifecycle event, unless the add-on is known to have no handlers for it. */
  deliver(event: LifecycleEvent): void;
  /**
   * The add-on's own families, packed; null when it timed out. It is not asked again while that answer is outstanding.
   */
  metrics(): Promise<Uint8Array | null>;
  /** Settles once the add-on has applied the values. @throws Error on timeout */
  applyPreferences(values: PreferenceValues, changed: string[]): Promise<void>;
  sendOffer(command: OfferCommand): void;
  /** Whether it says that it is at work. */
  readonly busy: boolean;
  /** Ends the process at once. @param reason a clause */
  kill(reason: string): void;
  /** Writes a line to its log, which counts as one of its own. @param text a sentence */
  warn(text: string): void;
  /** What it serves. Empty once it is being stopped. */
  readonly routes: RouteTable;
  /**
   * Passes a request to it.
   *
   * @param signal nobody waits for the answer any more
   * @returns null when it did not answer in time, or is gone
   */
  request(request: AddonHttpRequest, signal: AbortSignal): Promise<AddonHttpAnswer | null>;
  /** Lets the add-on unregister, then ends the process, by force if necessary. */
  stop(): Promise<AddonEnd>;
}

/** Starts an add-on's process and has it register. */
export function startAddonProcess(options: AddonProcessOptions): AddonProcess {
  const { deadlines } = options;
  const { child, pipe, gone } = forkAddon(options.bootstrap, options.folder, options.command);
  let handled: ReadonlySet<LifecycleEventName> | null = null;
  let lastWords: { reason: string | null } | null = null;
  let forced: string | null = null;
  let stopAsked = false;
  let busy = false;
  let metricsUnderWay: Promise<Uint8Array | null> | null = null;
  let stopping: Promise<AddonEnd> | null = null;
  const registration = pendingRegistration();
  const routes = createRouteTable();

  const logger = createAddonLogger(options.onLog, {
    stop: () => kill('it logged more than 200 lines or 100 KB a second, and went on'),
  });
  const log = (level: AddonLogLine['level'], text: string): void => logger.log({ time: Date.now(), level, text });
  const began = performance.now();
  /** Upper bound of the handler time not yet reported. */
  let handlerSeconds = 0;
  const limits = createAddonLimits(options.onWarning, kill);
  let status: AddonStatus | null = null;
  let over = false;
  const showStatus = throttle(STATUS_INTERVAL, () => over || options.onStatus(status), { leading: false });

  function kill(reason: string): void {
    forced ??= reason;
    child.kill('SIGKILL');
  }

  const warn = (text: string): void => log('warn', text);
  const channel = openAddonChannel(pipe, { receive, warn, tell: options.onWarning, kill });

  /**
   * `metricsUnderWay` stays set until the answer arrives, however late, so that nobody waits for a late answer twice.
   */
  function askMetrics(): Promise<Uint8Array | null> {
    return new Promise((resolve) => {
      const late = setTimeout(() => {
        log('warn', `Its metrics were not there after ${deadlines.metrics / 1000} s and are left out.`);
        resolve(null);
      }, deadlines.metrics);
      void (async () => {
        const answer = await channel.ask<'metrics'>((id) => ({ type: 'metrics', id }), deadlines.answer);
        clearTimeout(late);
        metricsUnderWay = null;
        resolve(answer?.packed ?? null);
      })();
    });
  }

  // Every scrape is a question: a bundled add-on asks as often as Prometheus does.
  const turns = options.bundled ? null : limits.requests;
  const reply = answerQuestions({ answer: options.answer, send: channel.send, turns });

  function receive(message: Exclude<AddonToHost, AddonAnswer>): void {
    switch (message.type) {
      case 'registered':
        registration.resolve();
        break;
      case 'register-failed':
        lastWords = { reason: cut(message.reason) };
        break;
      case 'handlers':
        handled = new Set(message.events);
        break;
      case 'handler-error':
        options.onHandlerError(message.event, message.times);
        break;
      case 'handler-late':
        watch.handlerLate();
        break;
      case 'handler-time':
        takeHandlerTime(message.seconds);
        break;
      case 'left-out':
        options.onLeftOut(message.addonId, cut(message.text));
        break;
      case 'http-route':
        routes.add(message.route);
        break;
      case 'http-route-removed':
        routes.remove(message.key);
        break;
      case 'left-behind':
        options.onLeftBehind?.(message.found);
        break;
      case 'denied':
        options.onDenied?.(message.denied);
        break;
      case 'status':
        status = message.status;
        if (limits.statuses.take()) options.onStatus(status);
        else showStatus();
        break;
      case 'busy':
        busy = message.busy;
        break;
      case 'log':
        logger.log(message.line);
        break;
      case 'operator':
      case 'operator-progress':
      case 'panel':
        if (limits.offers.take()) options.onOffer(message);
        break;
      case 'operator-removed':
      case 'operator-ended':
      case 'panel-removed':
        // Each ends something that was taken, so there are no more of them.
        options.onOffer(message);
        break;
      case 'request':
        void reply(message);
        break;
      case 'stopped':
        lastWords = { reason: message.reason === null ? null : cut(message.reason) };
        break;
    }
  }

  /** Handlers run one after another, so their reported time cannot exceed the elapsed time. */
  function takeHandlerTime(reported: number): void {
    const most = Math.max(0, (performance.now() - began) / 1000 - handlerSeconds);
    const seconds = Math.min(reported, most);
    handlerSeconds += seconds;
    options.onHandlerTime(seconds);
  }

  logger.capture(child.stdout, 'info');
  logger.capture(child.stderr, 'warn');

  const ended = gone.then((how): AddonEnd => {
    over = true;
    watch.close();
    registeredInTime();
    routes.close();
    logger.close();
    channel.close();
    const end = {
      overLimit: forced !== null || how.outOfMemory,
      reason: forced ?? (lastWords ? lastWords.reason : stopAsked && how.clean ? null : how.text),
    };
    registration.reject(new Error(end.reason ?? 'it was stopped before it had registered'));
    return end;
  });

  const registeredInTime = startTimeout(deadlines.start, () =>
    kill(`it did not register within ${deadlines.start / 1000} s`),
  );
  registration.promise.then(registeredInTime).catch(() => {});
  const watch = watchProcess({
    pid: child.pid,
    trusted: options.bundled,
    registered: registration.promise,
    ping: async (milliseconds) => (await channel.ask((id) => ({ type: 'ping', id }), milliseconds)) !== null,
    deadline: deadlines.answer,
    memoryLimit: options.memoryLimit,
    storage: options.storage,
    storageLimit: options.storageLimit,
    warn: options.onWarning,
    kill,
  });

  channel.send({
    type: 'start',
    addonId: options.addonId,
    bundled: options.bundled,
    main: options.main,
    storage: options.storage,
    granted: options.granted,
    preferences: options.preferences,
    ...(options.onLeftBehind ? { audit: true } : {}),
  });

  return {
    pid: child.pid,
    registered: registration.promise,
    ended,
    deliver(event) {
      if (!handled || handled.has(event.name) || event.name === 'load_pre' || event.name === 'load_post')
        channel.send({ type: 'event', event });
    },
    sendOffer: channel.send,
    get busy() {
      return busy;
    },
    kill,
    warn,
    metrics: () => (metricsUnderWay ??= askMetrics()),
    async applyPreferences(values, changed) {
      const answer = await channel.ask((id) => ({ type: 'preferences', id, values, changed }), deadlines.apply);
      if (!answer) throw new Error(`the add-on has not applied it within ${deadlines.apply / 1000} s`);
    },
    routes,
    async request(request, signal) {
      let id = 0;
      const abort = (): void => channel.send({ type: 'http-abort', id });
      signal.addEventListener('abort', abort, { once: true });
      const message = (given: number): HostToAddon => ({ type: 'http-request', id: (id = given), request });
      const answer = await channel.ask<'http-answer'>(message, HTTP_LIMITS.timeout);
      signal.removeEventListener('abort', abort);
      if (!answer) abort();
      return answer?.answer ?? null;
    },
    stop() {
      return (stopping ??= (async () => {
        stopAsked = true;
        routes.close();
        channel.send({ type: 'stop' });
        const stoppedInTime = startTimeout(deadlines.stop, () =>
          kill(`it did not stop within ${deadlines.stop / 1000} s and was killed`),
        );
        const end = await ended;
        stoppedInTime();
        return end;
      })());
    },
  };
}

function pendingRegistration(): { promise: Promise<void>; resolve: () => void; reject: (error: Error) => void } {
  let resolve!: () => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  // Callers that only use `ended` must not crash the host with an unhandled rejection.
  promise.catch(() => {});
  return { promise, resolve, reject };
}

function cut(reason: string): string {
  return reason.length > MAX_REASON ? `${reason.slice(0, MAX_REASON)}…` : reason;
}
