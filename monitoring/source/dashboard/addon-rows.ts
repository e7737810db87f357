import { type PanelBuilder, chosen, lines, number, timeline } from './panels';

const ADDON = '{{addon}} · {{instance}}';
const state = (name: string): string => chosen('framegauge_addon_state', `state="${name}"`);

/** The add-ons. */
export function addonsRow(): PanelBuilder[] {
  return [
    timeline({
      title: 'Add-ons',
      description: 'State of each add-on. One that failed says why in Preferences → Add-ons.',
      unit: 'none',
      width: 10,
      height: 7,
      states: {
        0: ['Off', 'super-light-blue'],
        1: ['Starting', 'yellow'],
        2: ['Running', 'green'],
        3: ['Stopping', 'orange'],
        4: ['Failed', 'red'],
      },
      queries: [
        {
          expr: `max by (instance, addon) (${state('off')} * 0 or ${state('starting')} * 1 or ${state('running')} * 2 or ${state('stopping')} * 3 or ${state('failed')} * 4)`,
          legend: ADDON,
        },
      ],
    }),
    lines({
      title: 'Time in handlers',
      description:
        'Seconds that each add-on’s handlers take per second. Near 1, an add-on cannot keep up with the events.',
      unit: 's',
      width: 7,
      height: 7,
      queries: [
        {
          expr: `sum by (instance, addon) (rate(${chosen('framegauge_addon_handler_seconds_total')}[$__rate_interval]))`,
          legend: ADDON,
        },
      ],
    }),
    lines({
      title: 'Errors and restarts of add-ons',
      description: 'Handlers that threw, and processes of add-ons that ended by themselves and were started again.',
      unit: 'none',
      width: 7,
      height: 7,
      queries: [
        {
          expr: `sum by (instance, addon) (increase(${chosen('framegauge_addon_handler_errors_total')}[$__rate_interval]))`,
          legend: `errors · ${ADDON}`,
        },
        {
          expr: `sum by (instance, addon) (increase(${chosen('framegauge_addon_restarts_total')}[$__rate_interval]))`,
          legend: `restarts · ${ADDON}`,
        },
      ],
    }),
  ];
}

/** The metrics server itself. */
export function exporterRow(): PanelBuilder[] {
  return [
    number({
      title: 'Metrics server',
      description:
        'Whether it listens where it was asked to. “Fell back”: it listens elsewhere, and the add-on’s panel says why.',
      unit: 'none',
      named: true,
      width: 4,
      height: 7,
      steps: [[null, 'green']],
      values: { 0: ['Not listening', 'red'], 1: ['As asked', 'green'], 2: ['Fell back', 'orange'] },
      queries: [
        {
          expr: `${chosen('framegauge_exporter_listening')} + ${chosen('framegauge_exporter_fallback')}`,
          legend: '{{instance}}',
        },
      ],
    }),
    number({
      title: 'Host answers',
      description: 'Whether the host answered its metrics add-on at the last scrape.',
      unit: 'none',
      named: true,
      width: 4,
      height: 7,
      values: { 0: ['Silent', 'red'], 1: ['Answers', 'green'] },
      queries: [{ expr: chosen('framegauge_up'), legend: '{{instance}}' }],
    }),
    lines({
      title: 'Scrapes',
      description: 'Scrapes answered per second, by whomever they were asked, and those that could not be answered.',
      unit: 'reqps',
      width: 8,
      height: 7,
      queries: [
        {
          expr: `sum by (instance) (rate(${chosen('framegauge_exporter_scrapes_total')}[$__rate_interval]))`,
          legend: '{{instance}}',
        },
        {
          expr: `sum by (instance) (rate(${chosen('framegauge_exporter_scrape_errors_total')}[$__rate_interval]))`,
          legend: 'not answered · {{instance}}',
        },
      ],
    }),
    lines({
      title: 'Time of a scrape',
      description:
        'As the metrics server sees it (95 of 100 scrapes are faster), and as Prometheus does, network included.',
      unit: 's',
      width: 8,
      height: 7,
      queries: [
        {
          expr: `histogram_quantile(0.95, sum by (le, instance) (rate(${chosen('framegauge_exporter_scrape_duration_seconds_bucket')}[$__rate_interval])))`,
          legend: 'server · {{instance}}',
        },
        { expr: chosen('scrape_duration_seconds'), legend: 'Prometheus · {{instance}}' },
      ],
    }),
    number({
      title: 'Scrape before the last one',
      description: 'How long ago it was answered, whoever asked.',
      unit: 'dtdurations',
      named: true,
      width: 8,
      height: 5,
      noValue: 'none yet',
      queries: [
        { expr: `time() - ${chosen('framegauge_exporter_last_scrape_timestamp_seconds')}`, legend: '{{instance}}' },
      ],
    }),
    number({
      title: 'Errors of other outputs',
      description:
        'Times in the chosen span that metrics could not be handed to a textfile, a Pushgateway or Graphite, of those that are switched on.',
      unit: 'none',
      named: true,
      width: 8,
      height: 5,
      noValue: 'none is switched on',
      queries: [
        {
          expr: `sum by (output, instance) (increase(${chosen('framegauge_exporter_output_errors_total')}[$__range]))`,
          legend: '{{output}} · {{instance}}',
        },
      ],
    }),
    number({
      title: 'Other outputs worked',
      description: 'How long ago metrics were last handed to each of the other outputs.',
      unit: 'dtdurations',
      named: true,
      width: 8,
      height: 5,
      noValue: 'none is switched on',
      queries: [
        {
          expr: `time() - ${chosen('framegauge_exporter_output_last_success_timestamp_seconds')}`,
          legend: '{{output}} · {{instance}}',
        },
      ],
    }),
  ];
}
