import type { CatalogueEntry } from './catalogue-entry';

const since = '0.1.0';
const addon = { addon: 'id of an installed add-on' };

/** The add-ons. */
export const addonMetrics = [
  {
    name: 'framegauge_addon_state',
    type: 'gauge',
    unit: 'state',
    help: 'Current state of the add-on: 1 for that state, 0 for all others.',
    labels: { ...addon, state: 'off, starting, running, stopping or failed' },
    since,
  },
  {
    name: 'framegauge_addon_handler_seconds_total',
    type: 'counter',
    unit: 'seconds',
    help: 'Total time spent in the add-on’s handlers in seconds.',
    labels: addon,
    since,
  },
  {
    name: 'framegauge_addon_handler_errors_total',
    type: 'counter',
    unit: 'count',
    help: 'Total number of times a handler of the add-on threw.',
    labels: addon,
    since,
  },
  {
    name: 'framegauge_addon_restarts_total',
    type: 'counter',
    unit: 'count',
    help: 'Total number of times the add-on’s process was restarted after it exited on its own.',
    labels: addon,
    since,
  },
] as const satisfies readonly CatalogueEntry[];
