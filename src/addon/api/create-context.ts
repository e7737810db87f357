import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { appSnapshotSchema, collectedMetricsSchema, type AddonToHost } from '../../shared/addon-protocol';
import { addonActionSchema, addonStatusSchema, type PreferenceValues } from '../../shared/addons';
import { LIFECYCLE_EVENTS } from '../../shared/lifecycle';
import { mergeFamilies } from '../../shared/merge-families';
import { messageOf } from '../../shared/user-error';
import type { AddonLog } from './addon-log';
import type { AddonContext, AddonStatus, AppSnapshot, MetricFamily, PreferenceValue } from './context';
import type { DisposalStack } from './disposal-stack';
import type { HandlerList } from './event-handlers';
import type { HostRequests } from './host-requests';
import { createUnpacker } from './metrics/packed-families';
import { createRegistryReader } from './metrics/read-registry';

export interface ContextParts {
  readonly id: string;
  readonly preferences: PreferenceValues;
  readonly handlers: HandlerList;
  readonly disposals: DisposalStack;
  readonly requests: HostRequests;
  readonly send: (message: AddonToHost) => void;
  readonly log: AddonLog;
  readonly signal: AbortSignal;
}

/** An add-on's context together with what the process needs of it. */
export interface LiveContext {
  readonly context: AddonContext;
  /** Takes new values in and calls the listeners of the changed ones, one after another; settles when all have. Never rejects. */
  preferencesChanged(values: PreferenceValues, changed: readonly string[]): Promise<void>;
  /** The add-on's own families as they are now. */
  ownFamilies(): Promise<MetricFamily[]>;
}

/** Builds what `register` is given. */
export function createContext({
  id,
  preferences,
  handlers,
  disposals,
  requests,
  send,
  log,
  signal,
}: ContextParts): LiveContext {
  let values = preferences;
  const listeners: { key: string; listener: (value: PreferenceValue) => void | Promise<void> }[] = [];
  const registry = new Registry();
  const readRegistry = createRegistryReader(registry);
  const unpacker = createUnpacker();
  let hostFamilies: MetricFamily[] = [];
  const sources = new Set<(snapshot: AppSnapshot) => readonly MetricFamily[] | Promise<readonly MetricFamily[]>>();
  const reported = new Set<string>();

  function alive(): void {
    if (signal.aborted) throw new Error('The add-on is being disabled: nothing more can be taken through ctx.');
  }

  function valueOf(key: string): PreferenceValue {
    const value = Object.hasOwn(values, key) ? values[key] : undefined;
    if (value === undefined) throw new Error(`The preference “${key}” is not declared in addon.json.`);
    return value;
  }

  /** Each clash is told once, not at every scrape. */
  function reportOnce(text: string): void {
    if (reported.has(text) || reported.size >= 1_000) return;
    reported.add(text);
    log('warn', text);
  }

  /** @param given a picture of the host, where there is one already */
  async function ownFamilies(given?: AppSnapshot): Promise<MetricFamily[]> {
    if (sources.size === 0) return readRegistry();
    const snapshot = given ?? (await requests.ask('snapshot', appSnapshotSchema));
    const computed = await Promise.all(
      [...sources].map(async (source) => {
        try {
          return await source(snapshot);
        } catch (error) {
          log('error', `A source of metrics failed: ${messageOf(error)}`);
          return [];
        }
      }),
    );
    return [...(await readRegistry()), ...computed.flat()];
  }

  const context: AddonContext = {
    id,
    handlers: {
      on(event, handler, options) {
        alive();
        // Add-ons in plain JavaScript have no compiler to tell them.
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
    metrics: {
      registry,
      counter: (configuration) => new Counter({ ...configuration, registers: [registry] }),
      gauge: (configuration) => new Gauge({ ...configuration, registers: [registry] }),
      histogram: (configuration) => new Histogram({ ...configuration, registers: [registry] }),
      source(families) {
        alive();
        // Two times the same function are two sources.
        const source: typeof families = (snapshot) => families(snapshot);
        sources.add(source);
        const remove = (): void => void sources.delete(source);
        const forget = disposals.add(remove);
        return () => {
          forget();
          remove();
        };
      },
      async collect() {
        // The others first: the answer comes behind every event that the host sent before it, so the add-on's own values include those.
        const collected = await requests.ask('metrics', collectedMetricsSchema);
        hostFamilies = collected.families ?? hostFamilies;
        const others = collected.addons.map(({ addonId, packed }) => {
          const from = `the add-on “${addonId}”`;
          try {
            return { from, families: unpacker.unpack(addonId, packed) };
          } catch (error) {
            reportOnce(`The metrics of ${from} are left out: ${messageOf(error)}`);
            return { from, families: [] };
          }
        });
        return mergeFamilies(
          [
            { from: 'the host', families: hostFamilies },
            { from: `the add-on “${id}”`, families: await ownFamilies(collected.snapshot) },
            ...others,
          ],
          reportOnce,
        );
      },
    },
    app: { snapshot: () => requests.ask('snapshot', appSnapshotSchema) },
    status(status) {
      send({ type: 'status', status: status && fitStatus(status) });
    },
    log: {
      debug: (text) => log('debug', text),
      info: (text) => log('info', text),
      warn: (text) => log('warn', text),
      error: (text) => log('error', text),
    },
    signal,
    onDispose(release) {
      alive();
      disposals.add(release);
    },
  };
  // Released last, for it was taken first: metrics that an add-on's own release still touches exist until then.
  disposals.add(() => registry.clear());

  return {
    context,
    ownFamilies,
    async preferencesChanged(next, changed) {
      values = next;
      // As they are now: a listener may take itself away.
      for (const { key, listener } of listeners.slice()) {
        if (!changed.includes(key)) continue;
        try {
          await listener(valueOf(key));
        } catch (error) {
          log('error', `Applying the preference “${key}” failed: ${messageOf(error)}`);
        }
      }
    },
  };
}

/** Cuts a status to what the panel shows: a scene with a long name is no reason for a handler to fail. */
function fitStatus({
  level,
  text,
  details = [],
  actions = [],
}: Parameters<AddonContext['status']>[0] & object): AddonStatus {
  const cut = (given: unknown, length: number): string => {
    const whole = String(given);
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
