import { spawnSync } from 'node:child_process';
import { pathOf } from './needs';

/** One sample line of an exposition. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Exposition {
  /** Type of each family. */
  readonly types: ReadonlyMap<string, string>;
  readonly samples: readonly Sample[];
}

/** Parses the text format 0.0.4. @throws Error at an invalid line */
export function parseExposition(text: string): Exposition {
  const types = new Map<string, string>();
  const samples: Sample[] = [];
  for (const line of text.split('\n').filter(Boolean)) {
    const type = /^# TYPE (\S+) (\S+)$/.exec(line);
    if (type) types.set(type[1]!, type[2]!);
    if (line.startsWith('#')) continue;
    const sample = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (!sample) throw new Error(`This is no sample: ${line}`);
    const labels = Object.fromEntries(
      [...(sample[2] ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map((match) => [match[1]!, match[2]!]),
    );
    samples.push({ name: sample[1]!, labels, value: Number(sample[3]!.replace('Inf', 'Infinity')) });
  }
  return { types, samples };
}

/** promtool's complaints, one per line; only inside `needs.promtool`. */
export function promtoolComplaints(text: string): string[] {
  const { stdout, stderr } = spawnSync(pathOf('promtool'), ['check', 'metrics'], { input: text, encoding: 'utf8' });
  return `${stdout}${stderr}`.split('\n').filter((line) => line !== '');
}

/** Two historic names and three of Node's default metrics, which promtool complains about. */
export const KNOWN_COMPLAINTS =
  /^(Blender_Render|Frame_Counter_total|nodejs_active_(handles|requests|resources)_total) /;

/**
 * Parses OpenMetrics with the strict parser of Prometheus's Python client; only inside `needs.pythonPrometheusClient`.
 * @returns its error; empty where there is none
 */
export function openMetricsFault(text: string): string {
  const script =
    'import sys; from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse; list(parse(sys.stdin.read()))';
  const { status, stderr } = spawnSync(pathOf('pythonPrometheusClient'), ['-c', script], {
    input: text,
    encoding: 'utf8',
  });
  return status === 0 ? '' : stderr.trim().split('\n').at(-1) || 'it ended without a word';
}
