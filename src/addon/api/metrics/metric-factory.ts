import { Counter, Gauge, type GaugeConfiguration, Histogram, Summary } from 'prom-client';
import type { MetricFamily } from '../../../shared/addon-protocol';
import { createInfo } from './info-metric';
import { METRIC_NAME } from './metric-declaration';
import type { AnyMetric, FamilyDescription, GaugeReading, MetricCollector, MetricFactory } from './metrics-api';
import { createEnum, createStateSet } from './state-metrics';

/** Where the metrics of a factory go. */
export interface FactoryParts {
  /** @throws Error where the name is taken */
  add(metric: AnyMetric): void;
  /** @throws Error where one of the names is taken; @returns a function that removes it */
  addCollector(collector: MetricCollector): () => void;
}

/**
 * @param prefix before every name
 * @throws Error where the prefix cannot begin a name
 */
export function createMetricFactory(parts: FactoryParts, prefix = ''): MetricFactory {
  if (prefix !== '' && !METRIC_NAME.test(prefix))
    throw new Error(
      `The namespace “${String(prefix).slice(0, 80)}” cannot begin a metric’s name: it has letters, digits and _, and no digit first, as in studio_.`,
    );

  function named<C extends { readonly name: string }>(configuration: C): C & { registers: [] } {
    // Added afterwards, when the name was checked.
    return { ...configuration, name: prefix + String(configuration.name), registers: [] };
  }

  function added<M extends AnyMetric>(metric: M): M {
    parts.add(metric);
    return metric;
  }

  // prom-client's classes are generic in their labels, and a registry takes those of any.
  return {
    counter: (configuration) => added(new Counter(named(configuration)) as never),
    gauge: ({ value, ...configuration }) =>
      added(new Gauge(value ? named(withReading(configuration, value)) : named(configuration)) as never),
    histogram: (configuration) => added(new Histogram(named(configuration)) as never),
    summary: (configuration) => added(new Summary(named(configuration)) as never),
    info: (configuration) => added(createInfo(named(configuration)) as never),
    enum: (configuration) => added(createEnum(named(configuration)) as never),
    stateSet: (configuration) => added(createStateSet(named(configuration)) as never),
    collector: (collector) => parts.addCollector(prefix === '' ? collector : prefixed(collector, prefix)),
    namespace: (more) => createMetricFactory(parts, prefix + String(more)),
  };
}

/** The configuration of a gauge whose values come from a function. */
function withReading<L extends string>(
  configuration: Omit<GaugeConfiguration<L>, 'registers'>,
  read: () => GaugeReading<L> | Promise<GaugeReading<L>>,
): Omit<GaugeConfiguration<L>, 'registers'> {
  if (typeof read !== 'function') throw new Error(`The value of the gauge “${configuration.name}” is not a function.`);
  return {
    ...configuration,
    async collect() {
      const reading = await read();
      this.reset();
      if (typeof reading === 'number') this.set(reading);
      // prom-client gives a gauge without labels a first value of its own.
      else this.remove({});
      if (typeof reading === 'object' && reading !== null)
        for (const [labels, value] of reading) this.set(labels, value);
    },
  };
}

function prefixed(collector: MetricCollector, prefix: string): MetricCollector {
  return {
    describe: () =>
      collector.describe().map((family): FamilyDescription => ({ ...family, name: prefix + family.name })),
    collect: async (snapshot) =>
      (await collector.collect(snapshot)).map((family): MetricFamily => ({
        ...family,
        name: prefix + family.name,
        ...(family.labelNames && family.type === 'stateset'
          ? { labelNames: family.labelNames.map((name) => (name === family.name ? prefix + name : name)) }
          : {}),
        values: family.values.map((sample) => ({
          ...sample,
          ...(sample.metricName === undefined ? {} : { metricName: prefix + sample.metricName }),
          ...(family.type === 'stateset' ? { labels: withState(sample.labels, family.name, prefix) } : {}),
        })),
      })),
  };
}

/** The label that holds a state has the name of its family (OpenMetrics 1.0.0, StateSet). */
function withState<V>(labels: Readonly<Record<string, V>>, family: string, prefix: string): Record<string, V> {
  return Object.fromEntries(
    Object.entries(labels).map(([name, value]) => [name === family ? prefix + name : name, value]),
  );
}
