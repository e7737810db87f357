import { collectDefaultMetrics, Registry } from 'prom-client';
import type { MetricFamily } from '../../shared/addon-protocol';

/** For how long process metrics are handed out again, in milliseconds: reading them costs the host more than anything else in a scrape. */
const KEEP = 250;

/** The host's own metrics. */
export interface HostMetrics {
  /** Parts of the host that count something register it here. */
  readonly registry: Registry;
  /** The standard `process_*` and `nodejs_*` metrics of the host's process and what its parts count, at most 250 ms old. */
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
        kept = { at: now, families: registry.getMetricsAsJSON() as unknown as Promise<MetricFamily[]> };
        // A failure must not be handed out again.
        kept.families.catch(() => (kept = null));
      }
      return kept.families;
    },
  };
}
