import { appSnapshotSchema, type AddonToHost } from '../../shared/addon-protocol';
import { addonActionSchema, addonStatusSchema, type PreferenceValues } from '../../shared/addons';
import { LIFECYCLE_EVENTS } from '../../shared/lifecycle';
import { throttle } from '../../shared/throttle';
import { messageOf } from '../../shared/user-error';
import { type LiveHttp, createHttp } from './addon-http';
import { createBusy } from './busy';
import { createJobAccess } from './addon-jobs';
import type { AddonLog } from './addon-log';
import { createTimers } from './addon-timers';
import type { AddonContext, AddonStatus, CollectedFamily, PreferenceValue } from './context';
import { createPanels } from './panels';
import { createOperators, type Operators } from './operators';
import type { DisposalStack } from './disposal-stack';
import type { HandlerList } from './event-handlers';
import type { HostRequests } from './host-requests';
import { createMetrics } from './metrics/create-metrics';

export interface ContextParts {
  readonly id: string;
  /** Ships with the program and may use the program's reserved names. */
  readonly bundled: boolean;
  /** URL of the module that gives an add-on's workers their metrics. */
  readonly workerModule: string;
  readonly preferences: PreferenceValues;
  /** Absolute path of the folder that the add-on may write to. */
  readonly storage: string;
  readonly handlers: HandlerList;
  readonly disposals: DisposalStack;
  readonly requests: HostRequests;
  readonly send: (message: AddonToHost) => void;
  readonly log: AddonLog;
  readonly signal: AbortSignal;
}

/** An add-on's context, together with the process's side of it. */
export interface LiveContext {
  readonly context: AddonContext;
  readonly http: LiveHttp;
  /**
   * Stores new values and calls the listeners of the changed ones one after another; settles when all have settled.
   * Never rejects.
   */
  preferencesChanged(values: PreferenceValues, changed: readonly string[]): Promise<void>;
  readonly operators: Operators;
  /** Sends a status update that the throttle holds back. */
  flushStatus(): void;
  /** The add-on's own families with their current values. */
  ownFamilies(): Promise<CollectedFamily[]>;
}

/**
 * Minimum interval between two status updates of the same level, in milliseconds. The last one is always sent, and a
 * change of level is sent at once.
 */
const STATUS_INTERVAL = 1_000;

/** Builds the context that `register` receives. */
export function createContext({
  id,
  bundled,
  workerModule,
  preferences,
  storage,
  handlers,
  disposals,
  requests,
  send,
  log,
  signal,
}: ContextParts): LiveContext {
  let values = preferences;
  const listeners: { key: string; listener: (value: PreferenceValue) => void | Promise<void> }[] = [];
  let shown: AddonStatus | null = null;
  const showStatus = throttle(STATUS_INTERVAL, () => send({ type: 'status', status: shown }));

  function alive(): void {
    if (signal.aborted) throw new Error('The add-on is being disabled: nothing more can be taken through ctx.');
  }

  function valueOf(key: string): PreferenceValue {
    const value = Object.hasOwn(values, key) ? values[key] : undefined;
    if (value === undefined) throw new Error(`The preference “${key}” is not declared in addon.json.`);
    return value;
  }

  const metrics = createMetrics({ id, bundled, workerModule, requests, disposals, send, log, alive });

  const onDispose = (release: () => void): (() => void) => {
    alive();
    return disposals.add(release);
  };
  const operators = createOperators({ send, onDispose, log });
  const http = createHttp({ send, log, onDispose });

  const context: AddonContext = {
    id,
    handlers: {
      on(event, handler, options) {
        alive();
        // Add-ons in plain JavaScript have no compiler to catch this.
        if (!(LIFECYCLE_EVENTS as readonly string[]).includes(event))
          throw new Error(`There is no lifecycle event “${event}”: there are ${LIFECYCLE_EVENTS.join(', ')}.`);
        if (typeof handler !== 'function') throw new Error(`The handler for ${event} is not a function.`);
        const remove = handlers.on(event, handler, options?.persistent ?? false);
        const forget = disposals.add(remove);
        return () => {
          forget();
          remove();
        };
      },
    },
    preferences: {
      get: <T extends PreferenceValue>(key: string) => valueOf(key) as T,
      onChange(key, listener) {
        alive();
        valueOf(key);
        const entry = { key, listener };
        listeners.push(entry);
        const remove = (): void => {
          const index = listeners.indexOf(entry);
          if (index >= 0) listeners.splice(index, 1);
        };
        const forget = disposals.add(remove);
        return () => {
          forget();
          remove();
        };
      },
    },
    metrics: metrics.api,
    ...createJobAccess(requests),
    http: http.http,
    timers: createTimers({
      onDispose,
      failed: (error) => log('error', `A timer failed: ${messageOf(error)}`),
    }),
    operators: operators.api,
    panels: createPanels({ send, onDispose }),
    storage: { folder: storage },
    app: { snapshot: () => requests.ask({ what: 'snapshot' }, appSnapshotSchema) },
    status(status) {
      const before = shown?.level;
      shown = status && fitStatus(status);
      showStatus();
      if (shown?.level !== before) showStatus.flush();
    },
    log: {
      debug: (text) => log('debug', text),
      info: (text) => log('info', text),
      warn: (text) => log('warn', text),
      error: (text) => log('error', text),
    },
    signal,
    busy: createBusy(send),
    onDispose(release) {
      alive();
      disposals.add(release);
    },
  };

  return {
    context,
    http,
    ownFamilies: metrics.ownFamilies,
    operators,
    flushStatus: showStatus.flush,
    async preferencesChanged(next, changed) {
      values = next;
      // A copy: a listener may unsubscribe itself.
      for (const { key, listener } of listeners.slice()) {
        if (!changed.includes(key)) continue;
        try {
          await listener(valueOf(key));
        } catch (error) {
          log('error', `Applying the preference “${key}” failed: ${messageOf(error)}`);
        }
      }
      // Whoever changed the preference sees its effect at once.
      showStatus.flush();
    },
  };
}

/** Truncates a status to what the panel shows: a scene with a long name must not make a handler fail. */
function fitStatus({
  level,
  text,
  details = [],
  actions = [],
}: Parameters<AddonContext['status']>[0] & object): AddonStatus {
  const cut = (given: unknown, length: number): string => {
    // Add-ons in plain JavaScript may pass incomplete or mistyped fields.
    const whole =
      typeof given === 'string' || typeof given === 'boolean' || (typeof given === 'number' && Number.isFinite(given))
        ? String(given)
        : '–';
    return whole.length > length ? `${whole.slice(0, length - 1)}…` : whole;
  };
  return addonStatusSchema.parse({
    level,
    text: cut(text, 500),
    details: details.slice(0, 20).map(({ label, value, href }) => ({
      label: cut(label, 60),
      value: cut(value, 500),
      ...(href && href.length <= 500 ? { href } : {}),
    })),
    // What can't be done in part is not offered.
    ...(actions.length > 0
      ? { actions: actions.filter((action) => addonActionSchema.safeParse(action).success).slice(0, 8) }
      : {}),
  });
}
