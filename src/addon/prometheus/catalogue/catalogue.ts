import { addonMetrics } from './addon-metrics';
import { exporterMetrics } from './exporter-metrics';
import { farmMetrics } from './farm-metrics';
import { httpMetrics } from './http-metrics';
import { renderMetrics } from './render-metrics';
import { systemMetrics } from './system-metrics';
import { workerMetrics } from './worker-metrics';

/**
 * Every series that the add-on itself exposes. Code, docs/metrics.md, dashboards and alert rules are generated from
 * this list and checked against it.
 */
export const catalogue = [
  ...renderMetrics,
  ...workerMetrics,
  ...farmMetrics,
  ...systemMetrics,
  ...addonMetrics,
  ...exporterMetrics,
  ...httpMetrics,
] as const;

export type MetricName = (typeof catalogue)[number]['name'];
