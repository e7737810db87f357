import { type AlertRule, alertRules } from './alert-rules';
import { SCRAPE_JOB } from './metric';
import { recordingRules } from './recording-rules';
import { type AlertCase, type InputSeries, alertCases } from './rule-tests';
import { yamlFile } from './yaml-file';

/** Paths in the kit. */
export const RULE_FILES = { recording: 'rules/recording.yml', alerts: 'rules/alerts.yml' } as const;

/** Each is evaluated in a turn of its own; alerts see the records of the turn before, or of this one. */
const GROUPS = { recording: 'framegauge-recording', alerts: 'framegauge-alerts' } as const;

export function recordingRulesFile(): string {
  return yamlFile({ groups: [{ name: GROUPS.recording, interval: '15s', rules: recordingRules }] });
}

export function alertRulesFile(): string {
  const rules = alertRules.map(({ alert, expr, for: duration, severity, summary, description }: AlertRule) => ({
    alert,
    expr,
    for: duration,
    labels: { severity },
    annotations: { summary, description },
  }));
  return yamlFile({ groups: [{ name: GROUPS.alerts, interval: '15s', rules }] }, [
    'What each alert means and what to do: README.md beside prometheus.yml.',
  ]);
}

const TARGET = { job: SCRAPE_JOB, instance: 'box:8000' };

function input([name, labels, values]: InputSeries): { series: string; values: string } {
  const written = Object.entries({ ...TARGET, ...labels }).map(([label, value]) => `${label}="${value}"`);
  return { series: `${name}{${written.join(', ')}}`, values };
}

/**
 * For `promtool test rules`: every alert fires in one case, with its texts as a person gets them, and keeps quiet in
 * one that is almost like it.
 */
export function alertTestsFile(): string {
  const tests = Object.entries<AlertCase>(alertCases).flatMap(
    ([alertname, { at, firing, quiet, quietBecause, alsoQuiet = [], labels, summary, description }]) => [
      {
        name: `${alertname} fires`,
        interval: '1m',
        input_series: firing.map(input),
        alert_rule_test: [
          {
            eval_time: at,
            alertname,
            exp_alerts: [{ exp_labels: { ...TARGET, ...labels }, exp_annotations: { summary, description } }],
          },
        ],
      },
      ...[{ because: quietBecause, input: quiet }, ...alsoQuiet].map((quietCase) => ({
        name: `${alertname} keeps quiet: ${quietCase.because}`,
        interval: '1m',
        input_series: quietCase.input.map(input),
        alert_rule_test: [{ eval_time: at, alertname, exp_alerts: [] }],
      })),
    ],
  );
  const rule_files = [`../${RULE_FILES.recording}`, `../${RULE_FILES.alerts}`];
  // Without an order promtool takes the groups as they come, and values change by a turn from run to run.
  return yamlFile(
    { rule_files, evaluation_interval: '1m', group_eval_order: [GROUPS.recording, GROUPS.alerts], tests },
    ['promtool test rules tests/alerts.yml'],
  );
}

/** For `promtool test rules`: what each recording rule makes of figures that can be checked by hand. */
export function recordingTestsFile(): string {
  const host = '{instance="box:8000", job="framegauge"}';
  // Prometheus 2 and 3 extrapolate in another order, and promtool compares to the last digit.
  const expect = (expr: string, samples: [labels: string, value: number][]): unknown => ({
    expr: `round(${expr}, 0.001)`,
    eval_time: '30m',
    exp_samples: samples.map(([labels, value]) => ({ labels, value })),
  });
  const tests = [
    {
      name: 'a host that renders 12 frames a minute of 5 s each with one worker, a tenth of which fail',
      interval: '15s',
      input_series: (
        [
          ['framegauge_frames_rendered_total', { engine: 'gltf' }, '0+3x120'],
          ['framegauge_frames_failed_total', { engine: 'gltf', reason: 'crash' }, '0+0.333333x120'],
          ['framegauge_frame_duration_seconds_sum', { engine: 'gltf' }, '0+15x120'],
          ['framegauge_frame_duration_seconds_count', { engine: 'gltf' }, '0+3x120'],
          ['framegauge_worker_busy_seconds_total', { worker: '1' }, '0+15x120'],
          ['framegauge_renders_active', {}, '1x120'],
          ['framegauge_last_frame_age_seconds', {}, '4x120'],
          ['framegauge_start_time_seconds', {}, '0x120'],
        ] satisfies InputSeries[]
      ).map(input),
      promql_expr_test: [
        expect('instance:framegauge_frames_per_minute:rate1m', [[host, 12]]),
        expect('instance:framegauge_frames_per_minute:rate5m', [[host, 12]]),
        expect('instance:framegauge_frame_duration_seconds:avg10m', [[host, 5]]),
        expect('instance:framegauge_frame_duration_seconds:avg6h', [[host, 5]]),
        expect('instance_worker:framegauge_worker_busy:ratio_rate5m', [
          ['{instance="box:8000", job="framegauge", worker="1"}', 1],
        ]),
        expect('instance:framegauge_without_frame_seconds:min', [[host, 4]]),
        expect('instance:framegauge_frames_failed:ratio30m', [[host, 0.1]]),
      ],
    },
    {
      name: 'a host that renders nothing',
      interval: '15s',
      input_series: (
        [
          ['framegauge_frames_rendered_total', { engine: 'gltf' }, '7x120'],
          ['framegauge_frame_duration_seconds_sum', { engine: 'gltf' }, '7x120'],
          ['framegauge_frame_duration_seconds_count', { engine: 'gltf' }, '7x120'],
          ['framegauge_renders_active', {}, '0x120'],
          ['framegauge_last_frame_age_seconds', {}, '4+15x120'],
          ['framegauge_start_time_seconds', {}, '0x120'],
        ] satisfies InputSeries[]
      ).map(input),
      promql_expr_test: [
        expect('instance:framegauge_frames_per_minute:rate1m', [[host, 0]]),
        expect('instance:framegauge_frame_duration_seconds:avg10m', []),
        expect('instance:framegauge_without_frame_seconds:min', []),
      ],
    },
  ];
  return yamlFile({ rule_files: [`../${RULE_FILES.recording}`], evaluation_interval: '15s', tests }, [
    'promtool test rules tests/recording.yml',
  ]);
}
