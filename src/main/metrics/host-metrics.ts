import { collectDefaultMetrics, Registry } from 'prom-client';
import type { MetricFamily } from '../../shared/addon-protocol';
import { unpackRoutes } from './route-labels';

/** How long process metrics are cached, in milliseconds: reading them costs more than anything else in a scrape. */
const KEEP = 250;

/** The host's own metrics. */
export interface HostMetrics {
  /** Registry for the counters of the host's parts. */
  readonly registry: Registry;
  /**
   * The standard `process_*` and `nodejs_*` metrics of the host's process and the registered counters, at most 250 ms
   * old.
   */
  families(): Promise<MetricFamily[]>;
}

export function createHostMetrics(): HostMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  let kept: { at: number; families: Promise<MetricFamily[]> } | null = null;
  return {
    registry,
    families() {
      const now = performance.now();
      if (!kept || now - kept.at > KEEP) {
        const families = (registry.getMetricsAsJSON() as unknown as Promise<MetricFamily[]>).then(unpackRoutes);
        kept = { at: now, families };
        // A failure must not be cached.
        kept.families.catch(() => (kept = null));
      }
      return kept.families;
    },
  };
}
