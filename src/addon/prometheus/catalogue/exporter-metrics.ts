import type { CatalogueEntry } from './catalogue-entry';

const since = '0.1.0';
const output = { output: 'textfile, pushgateway or graphite' };

/** The metrics server itself, and the outputs beside it. */
export const exporterMetrics = [
  {
    name: 'framegauge_exporter_listening',
    type: 'gauge',
    unit: 'state',
    help: 'Whether the metrics server is listening: 1 if it is, 0 if not.',
    labels: {},
    since,
  },
  {
    name: 'framegauge_exporter_fallback',
    type: 'gauge',
    unit: 'state',
    help: 'Whether the metrics server listens on a fallback address instead of the requested one: 1 if so, 0 if not.',
    labels: {},
    since,
  },
  {
    name: 'framegauge_exporter_widened',
    type: 'gauge',
    unit: 'state',
    help: 'Whether every machine on the network can read the metrics although Address:port asked for less: 1 if so, 0 if not.',
    labels: {},
    since,
  },
  {
    name: 'framegauge_exporter_scrapes_total',
    type: 'counter',
    unit: 'count',
    help: 'Total number of scrapes answered.',
    labels: {},
    since,
  },
  {
    name: 'framegauge_exporter_scrape_errors_total',
    type: 'counter',
    unit: 'count',
    help: 'Total number of scrapes that could not be answered.',
    labels: {},
    since,
  },
  {
    name: 'framegauge_exporter_scrape_duration_seconds',
    type: 'histogram',
    unit: 'seconds',
    help: 'Time taken to answer a scrape in seconds.',
    labels: {},
    since,
  },
  {
    name: 'framegauge_exporter_last_scrape_timestamp_seconds',
    type: 'gauge',
    unit: 'seconds',
    help: 'Time the previous scrape was answered, since the Unix epoch in seconds.',
    labels: {},
    since,
    only: 'an earlier scrape was answered',
  },
  {
    name: 'framegauge_exporter_output_errors_total',
    type: 'counter',
    unit: 'count',
    help: 'Total number of failed attempts to deliver metrics to the output.',
    labels: output,
    since,
    only: 'the output is switched on',
  },
  {
    name: 'framegauge_exporter_output_last_success_timestamp_seconds',
    type: 'gauge',
    unit: 'seconds',
    help: 'Time metrics were last delivered to the output, since the Unix epoch in seconds.',
    labels: output,
    since,
    only: 'the output is switched on and has worked once',
  },
] as const satisfies readonly CatalogueEntry[];
