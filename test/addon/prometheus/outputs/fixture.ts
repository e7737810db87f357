import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import type { MetricFamily } from '../../../../src/addon/api/context';
import type { OutputName, OutputState } from '../../../../src/addon/prometheus/outputs/output-state';
import { createOutputs, type Outputs } from '../../../../src/addon/prometheus/outputs/outputs';
import type { AddonManifest, PreferenceValue } from '../../../../src/shared/addons';

const { preferences: declared } = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../../../src/addon/prometheus/addon.json'), 'utf8'),
) as AddonManifest;

/** Some of every type, with labels that outputs have to look out for. */
export const FAMILIES: readonly MetricFamily[] = [
  {
    name: 'framegauge_renders_active',
    help: 'Jobs that are rendering now',
    type: 'gauge',
    values: [{ value: 1, labels: {} }],
  },
  {
    name: 'framegauge_frames_rendered_total',
    help: 'Frames',
    type: 'counter',
    values: [{ value: 12, labels: { engine: 'gltf' } }],
  },
  {
    name: 'framegauge_job_frames_remaining',
    help: 'Frames of the job',
    type: 'gauge',
    values: [
      { value: 3, labels: { job: 'shot 010' } },
      { value: 4, labels: { job: 'shot "020"' } },
    ],
  },
  {
    name: 'framegauge_frame_duration_seconds',
    help: 'Time',
    type: 'histogram',
    values: [
      { value: 2, labels: { engine: 'gltf', le: 0.5 }, metricName: 'framegauge_frame_duration_seconds_bucket' },
      { value: 2, labels: { engine: 'gltf', le: '+Inf' }, metricName: 'framegauge_frame_duration_seconds_bucket' },
      { value: 0.25, labels: { engine: 'gltf' }, metricName: 'framegauge_frame_duration_seconds_sum' },
      { value: 2, labels: { engine: 'gltf' }, metricName: 'framegauge_frame_duration_seconds_count' },
    ],
  },
  {
    name: 'process_cpu_seconds_total',
    help: 'Total user and system CPU time spent in seconds.',
    type: 'counter',
    values: [{ value: 1.5, labels: {} }],
  },
];

export interface OutputsFixture {
  readonly outputs: Outputs;
  readonly logs: string[];
  families: readonly MetricFamily[];
  /** Changes preferences and applies them. */
  set(values: Readonly<Record<string, PreferenceValue>>): Promise<void>;
  /** Settles with the state of an output when it fits; looks at every collection and telling. */
  until(output: OutputName, fits: (state: OutputState) => boolean): Promise<OutputState>;
}

/** Outputs with the declared defaults, closed with the test. */
export function createOutputsFixture(): OutputsFixture {
  const values: Record<string, PreferenceValue> = Object.fromEntries(
    declared.map(({ key, default: value }) => [key, value]),
  );
  const logs: string[] = [];
  const fixture = { families: FAMILIES };
  const outputs = createOutputs({
    preference: (key) => values[key]!,
    collect: async () => fixture.families,
    onState: () => {},
    log: (level, text) => logs.push(`${level}: ${text}`),
  });
  onTestFinished(() => outputs.close());
  return Object.assign(fixture, {
    outputs,
    logs,
    async set(changed: Readonly<Record<string, PreferenceValue>>) {
      Object.assign(values, changed);
      await outputs.apply();
    },
    async until(output: OutputName, fits: (state: OutputState) => boolean) {
      for (let tries = 0; tries < 500; tries++) {
        const state = outputs.state().find((entry) => entry.output === output);
        if (state && fits(state)) return state;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      throw new Error(
        `${output} did not come to be as expected within ten seconds: ${JSON.stringify(outputs.state())}`,
      );
    },
  });
}
