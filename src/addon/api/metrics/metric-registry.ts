import { Registry } from 'prom-client';
import { messageOf } from '../../../shared/user-error';
import type { AppSnapshot, MetricFamily } from '../../../shared/addon-protocol';
import { writeExposition } from './exposition';
import { inTime } from './in-time';
import { createMetricFactory } from './metric-factory';
import type { CollectedFamily } from './metric-table';
import type { AnyMetric, FamilyDescription, MetricCollector, MetricRegistry } from './metrics-api';
import { createRegistryReader } from './read-registry';
import { clashOf } from './taken-names';

/** Computes families at a scrape. */
export type FamilySource = (snapshot: AppSnapshot) => readonly MetricFamily[] | Promise<readonly MetricFamily[]>;

/** Metrics that are served together, so that their names must not clash. */
export interface ServedMetrics {
  /** Names and types of everything in it that is known before a scrape. */
  declared(): readonly FamilyDescription[];
  has(metric: AnyMetric): boolean;
  /**
   * All families, unchecked.
   *
   * @param seen metrics that were read already, which are left out; those read now are added before anything is waited for
   */
  read(snapshot: () => Promise<AppSnapshot>, seen: Set<object>): Promise<CollectedFamily[]>;
}

export interface RegistryParts {
  /** Everything whose names a new metric must not take, this registry's own included. */
  readonly others: () => Iterable<ServedMetrics>;
  readonly snapshot: () => Promise<AppSnapshot>;
  /** Keeps the families that can be exposed, and reports the others. */
  readonly admit: (families: readonly CollectedFamily[]) => CollectedFamily[];
  /** Reports why one metric is left out, a clause. */
  readonly leftOut: (name: string, problem: string) => void;
  readonly logError: (text: string) => void;
  /** Throws where nothing more can be taken, since the add-on is being disabled. */
  readonly alive: () => void;
  /** Registers something to be released on disable; returns a function that forgets it. */
  readonly onDispose: (release: () => void) => () => void;
}

/** A registry, together with the process's side of it. */
export interface LiveRegistry extends ServedMetrics {
  readonly api: MetricRegistry;
  /** Adds families that nothing is declared of. @returns a function that removes them */
  addSource(source: FamilySource): () => void;
  clear(): void;
}

/** Creates a registry of an add-on. */
export function createLiveRegistry(parts: RegistryParts): LiveRegistry {
  const registry = new Registry();
  // Only a registry of type OpenMetrics accepts metrics with exemplars. The exposition is written elsewhere, in either
  // format; the cast keeps the type that add-ons are written against.
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as never);
  const readRegistry = createRegistryReader(registry, parts.leftOut);
  const sources = new Set<FamilySource>();
  const descriptions = new Map<FamilySource, readonly FamilyDescription[]>();

  function checkFree(families: readonly FamilyDescription[]): void {
    const taken = [...parts.others()].flatMap((other) => other.declared());
    for (const family of families) {
      const clash = clashOf(family, taken);
      if (clash !== null) throw new Error(`The metric “${family.name}” cannot be added: ${clash}.`);
      taken.push(family);
    }
  }

  function addSource(source: FamilySource, described?: readonly FamilyDescription[]): () => void {
    parts.alive();
    if (described) checkFree(described);
    // Wrapped, so that the same function added twice makes two sources.
    const own: FamilySource = (snapshot) => source(snapshot);
    sources.add(own);
    if (described) descriptions.set(own, described);
    const remove = (): void => {
      sources.delete(own);
      descriptions.delete(own);
    };
    const forget = parts.onDispose(remove);
    return () => {
      forget();
      remove();
    };
  }

  function addCollector(collector: MetricCollector): () => void {
    const described = collector.describe().map(({ name, type }) => ({ name, type }));
    const types = new Map(described.map(({ name, type }) => [name, type]));
    return addSource(async (snapshot) => {
      const families = await collector.collect(snapshot);
      return families.filter((family) => {
        const type = types.get(family.name);
        if (type === family.type) return true;
        parts.leftOut(
          String(family.name),
          type === undefined
            ? 'its collector did not describe it'
            : `its collector described it as ${type}, and it is ${String(family.type)}`,
        );
        return false;
      });
    }, described);
  }

  const has = (metric: AnyMetric): boolean => registry.getSingleMetric(nameOf(metric)) === (metric as unknown);

  function add(metric: AnyMetric): void {
    parts.alive();
    if (has(metric)) return;
    // One that another registry has is the same metric, and no clash.
    if (![...parts.others()].some((other) => other.has(metric))) checkFree([describe(metric)]);
    registry.registerMetric(metric as never);
  }

  async function readSources(snapshot: () => Promise<AppSnapshot>): Promise<CollectedFamily[]> {
    if (sources.size === 0) return [];
    const given = await snapshot();
    const computed = await Promise.all(
      [...sources].map(async (source) => {
        try {
          return await inTime(source(given));
        } catch (error) {
          parts.logError(`A source of metrics failed: ${messageOf(error)}`);
          return [];
        }
      }),
    );
    return computed.flat();
  }

  // All at once, so that together they take no longer than the slowest.
  async function read(snapshot: () => Promise<AppSnapshot>, seen: Set<object>): Promise<CollectedFamily[]> {
    const computed = readSources(snapshot);
    const ended = computed.then(
      () => undefined,
      () => undefined,
    );
    return (await Promise.all([readRegistry(seen, ended), computed])).flat();
  }

  const families = async (): Promise<CollectedFamily[]> => parts.admit(await read(parts.snapshot, new Set()));
  // prom-client's own would rename the counters in passing.
  registry.metrics = async () => writeExposition(await families(), 'openmetrics').toString();

  return {
    api: {
      registry,
      ...createMetricFactory({ add, addCollector }),
      add,
      remove(metric) {
        if (has(metric)) registry.removeSingleMetric(nameOf(metric));
      },
      families,
      text: async (format = 'text') => writeExposition(await families(), format).toString(),
    },
    declared: () => [
      ...(registry.getMetricsAsArray() as unknown as AnyMetric[]).map(describe),
      ...[...descriptions.values()].flat(),
    ],
    has,
    addSource: (source) => addSource(source),
    read,
    clear() {
      registry.clear();
      sources.clear();
      descriptions.clear();
    },
  };
}

const nameOf = (metric: AnyMetric): string => (metric as unknown as FamilyDescription).name;

function describe(metric: AnyMetric): FamilyDescription {
  const { name, type } = metric as unknown as FamilyDescription;
  return { name, type };
}
