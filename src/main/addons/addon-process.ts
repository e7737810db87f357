import { fork, type ChildProcess, type ForkOptions } from 'node:child_process';
import type { Readable } from 'node:stream';
import {
  addonToHostSchema,
  type AppSnapshot,
  type AddonToHost,
  type CollectedMetrics,
  type HostToAddon,
} from '../../shared/addon-protocol';
import type { AddonLogLine, AddonStatus, PreferenceValues } from '../../shared/addons';
import type { LifecycleEvent, LifecycleEventName } from '../../shared/lifecycle';
import { messageOf } from '../../shared/user-error';

/** How long an add-on may take, in milliseconds. After these the host goes on without it. */
export interface AddonDeadlines {
  /** To register. */
  readonly start: number;
  /** To unregister and release; then the process is killed. */
  readonly stop: number;
  /** To apply a changed preference. */
  readonly apply: number;
  /** To hand out its metrics. */
  readonly metrics: number;
  /** To answer a ping; an event loop that is blocked for longer is taken for hung, and the process is killed. */
  readonly answer: number;
}

export const ADDON_DEADLINES: AddonDeadlines = {
  start: 15_000,
  stop: 6_000,
  apply: 10_000,
  metrics: 1_000,
  answer: 30_000,
};

/** Messages that may wait in the channel of a process that does not read them. */
const MAX_BACKLOG = 20_000;

export interface AddonProcessOptions {
  readonly addonId: string;
  /** Absolute path of the built bootstrap. */
  readonly bootstrap: string;
  /** Absolute path of the add-on's main module. */
  readonly main: string;
  /** Absolute path of the add-on's folder: the process's working folder. */
  readonly folder: string;
  /** Flags for Node before the bootstrap, such as those of its permission model. */
  readonly execArgv: readonly string[];
  readonly preferences: PreferenceValues;
  readonly deadlines: AddonDeadlines;
  readonly onStatus: (status: AddonStatus | null) => void;
  readonly onLog: (line: AddonLogLine) => void;
  readonly onHandlerError: (event: LifecycleEventName, reason: string) => void;
  /** Its handlers took so many seconds more. */
  readonly onHandlerTime: (seconds: number) => void;
  /** What the add-on asks of the host. */
  readonly snapshot: () => AppSnapshot;
  readonly collect: () => Promise<CollectedMetrics>;
}

/** How an add-on's process ended. `reason` is null when it was asked to stop and did so cleanly. */
export interface AddonEnd {
  readonly reason: string | null;
}

/** One add-on in a process of its own. Nothing here waits for the process without a deadline. */
export interface AddonProcess {
  readonly pid: number | undefined;
  /** Settles when `register` returned. @throws Error saying why it did not, after which the process is gone */
  readonly registered: Promise<void>;
  /** Settles once, never rejects, when the process is gone. */
  readonly ended: Promise<AddonEnd>;
  /** Sends a lifecycle event if the add-on may have handlers for it. */
  deliver(event: LifecycleEvent): void;
  /** The add-on's own families, packed. null when it did not answer in time; it is not asked again while that answer is outstanding. */
  metrics(): Promise<Uint8Array | null>;
  /** Settles once the add-on has applied the values. @throws Error when it has not in time */
  applyPreferences(values: PreferenceValues, changed: string[]): Promise<void>;
  /** Lets the add-on unregister, then ends the process, by force if need be. */
  stop(): Promise<AddonEnd>;
}

/** Starts an add-on's process and lets it register. */
export function startAddonProcess(options: AddonProcessOptions): AddonProcess {
  const { deadlines } = options;
  const forkOptions: ForkOptions & { windowsHide: boolean } = {
    cwd: options.folder,
    env: environment(),
    execArgv: [...options.execArgv],
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    windowsHide: true,
  };
  const child = fork(options.bootstrap, [], forkOptions);
  const waiting = new Map<number, (message: AddonToHost | null) => void>();
  let lastId = 0;
  let handled: ReadonlySet<LifecycleEventName> | null = null;
  let backlog = 0;
  let lastWords: { reason: string | null } | null = null;
  let forced: string | null = null;
  let stopAsked = false;
  let metricsUnderWay: Promise<Uint8Array | null> | null = null;
  let stopping: Promise<AddonEnd> | null = null;
  const registration = pendingRegistration();

  const log = (level: AddonLogLine['level'], text: string): void => options.onLog({ time: Date.now(), level, text });

  function kill(reason: string): void {
    forced ??= reason;
    child.kill('SIGKILL');
  }

  function send(message: HostToAddon): void {
    if (!child.connected) return;
    backlog++;
    child.send(message, (error) => {
      backlog--;
      if (error && child.connected) log('warn', `A message could not be sent to it: ${error.message}`);
    });
    if (backlog > MAX_BACKLOG) kill('it no longer reads what the host tells it');
  }

  /** Sends a message that has an answer; null when none came in time or the process is gone. */
  function ask<T extends AddonToHost['type']>(
    message: (id: number) => HostToAddon,
    milliseconds: number,
  ): Promise<Extract<AddonToHost, { type: T }> | null> {
    const id = ++lastId;
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle(null), milliseconds);
      function settle(answer: AddonToHost | null): void {
        clearTimeout(timer);
        waiting.delete(id);
        resolve(answer as Extract<AddonToHost, { type: T }> | null);
      }
      waiting.set(id, settle);
      send(message(id));
    });
  }

  /** Until the answer is here, however late, `metricsUnderWay` stays: nobody waits for a late one twice. */
  function askMetrics(): Promise<Uint8Array | null> {
    return new Promise((resolve) => {
      const late = setTimeout(() => {
        log('warn', `Its metrics were not there after ${deadlines.metrics / 1000} s and are left out.`);
        resolve(null);
      }, deadlines.metrics);
      void (async () => {
        const answer = await ask<'metrics'>((id) => ({ type: 'metrics', id }), deadlines.answer);
        clearTimeout(late);
        metricsUnderWay = null;
        resolve(answer?.packed ?? null);
      })();
    });
  }

  async function reply({ id, what }: Extract<AddonToHost, { type: 'request' }>): Promise<void> {
    try {
      // A snapshot must not wait: it has to leave at its place between the events.
      const value = what === 'snapshot' ? options.snapshot() : await options.collect();
      send({ type: 'reply', id, value });
    } catch (error) {
      send({ type: 'reply', id, value: null, error: messageOf(error) });
    }
  }

  function receive(message: AddonToHost): void {
    switch (message.type) {
      case 'registered':
        registration.resolve();
        break;
      case 'register-failed':
        lastWords = { reason: message.reason };
        break;
      case 'handlers':
        handled = new Set(message.events);
        break;
      case 'handler-error':
        options.onHandlerError(message.event, message.reason);
        break;
      case 'handler-time':
        options.onHandlerTime(message.seconds);
        break;
      case 'status':
        options.onStatus(message.status);
        break;
      case 'log':
        options.onLog(message.line);
        break;
      case 'request':
        void reply(message);
        break;
      case 'stopped':
        lastWords = { reason: message.reason };
        break;
      default:
        waiting.get(message.id)?.(message);
    }
  }

  child.on('message', (raw) => {
    const parsed = addonToHostSchema.safeParse(raw);
    if (parsed.success) receive(parsed.data);
    else log('warn', `It sent a message that does not follow the protocol: ${parsed.error.issues[0]?.message ?? ''}`);
  });
  readLines(child.stdout, (text) => log('info', text));
  readLines(child.stderr, (text) => log('warn', text));

  const ended = endOf(child).then((how): AddonEnd => {
    clearInterval(heartbeat);
    clearTimeout(startTimer);
    for (const settle of waiting.values()) settle(null);
    const end = { reason: forced ?? (lastWords ? lastWords.reason : stopAsked && how.clean ? null : how.text) };
    registration.reject(new Error(end.reason ?? 'it was stopped before it had registered'));
    return end;
  });

  const startTimer = setTimeout(() => kill(`it did not register within ${deadlines.start / 1000} s`), deadlines.start);
  registration.promise.then(() => clearTimeout(startTimer)).catch(() => {});
  async function checkAlive(): Promise<void> {
    const ping = (id: number): HostToAddon => ({ type: 'ping', id });
    // Once more: after the computer slept, or the host itself was held up, the time is over before the answer that lies there has been read.
    const answer = (await ask(ping, deadlines.answer)) ?? (await ask(ping, 1_000));
    if (!answer && child.connected && child.exitCode === null)
      kill(`it did not answer for ${deadlines.answer / 1000} s`);
  }
  const heartbeat = setInterval(() => void checkAlive(), Math.min(10_000, deadlines.answer));
  heartbeat.unref();

  send({ type: 'start', addonId: options.addonId, main: options.main, preferences: options.preferences });

  return {
    pid: child.pid,
    registered: registration.promise,
    ended,
    deliver(event) {
      if (!handled || handled.has(event.name) || event.name === 'load_pre' || event.name === 'load_post')
        send({ type: 'event', event });
    },
    metrics: () => (metricsUnderWay ??= askMetrics()),
    async applyPreferences(values, changed) {
      const answer = await ask((id) => ({ type: 'preferences', id, values, changed }), deadlines.apply);
      if (!answer) throw new Error(`the add-on has not applied it within ${deadlines.apply / 1000} s`);
    },
    stop() {
      return (stopping ??= (async () => {
        stopAsked = true;
        send({ type: 'stop' });
        const timer = setTimeout(
          () => kill(`it did not stop within ${deadlines.stop / 1000} s and was killed`),
          deadlines.stop,
        );
        const end = await ended;
        clearTimeout(timer);
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
  // Whoever only looks at `ended` must not bring the host down with an unhandled rejection.
  promise.catch(() => {});
  return { promise, resolve, reject };
}

/** What the process inherits: everything but the options of the host's own Node. */
function environment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _options, NODE_CHANNEL_FD: _fd, NODE_CHANNEL_SERIALIZATION_MODE: _mode, ...rest } = process.env;
  return process.versions.electron ? { ...rest, ELECTRON_RUN_AS_NODE: '1' } : rest;
}

/** Splits what a process prints into lines; one that never ends is cut, for it must not fill the host's memory. */
function readLines(stream: Readable | null, onLine: (text: string) => void): void {
  let rest = '';
  stream?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
    if (rest.length > 8_000) {
      onLine(rest);
      rest = '';
    }
  });
  stream?.on('end', () => {
    if (rest) onLine(rest);
  });
}

/** Waits for the process to be gone and its last messages to be read. */
function endOf(child: ChildProcess): Promise<{ text: string; clean: boolean }> {
  return new Promise((resolve) => {
    let how: { text: string; clean: boolean } | null = null;
    const settle = (): void => {
      if (how) resolve(how);
    };
    const gone = (text: string, clean: boolean): void => {
      how ??= { text, clean };
      if (!child.connected) settle();
      // `disconnect` follows once the channel is read to its end; a process that it forked in turn may hold it open.
      else setTimeout(settle, 1_000);
    };
    child.once('disconnect', settle);
    child.once('error', (error) => {
      if (child.pid === undefined) gone(`its process could not be started: ${error.message}`, false);
    });
    child.once('exit', (code, signal) =>
      gone(
        signal ? `its process was ended by ${signal}` : `its process ended by itself with exit code ${code}`,
        code === 0,
      ),
    );
  });
}
