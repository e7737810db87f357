import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { METRICS_DOC, metricsDoc } from '../../monitoring/generate-metrics-doc';
import { catalogue } from '../../src/addon/prometheus/catalogue/catalogue';

test('docs/metrics.md is what the catalogue makes it; otherwise run npm run monitoring', () => {
  expect(readFileSync(METRICS_DOC, 'utf8')).toBe(metricsDoc());
});

test('every metric and label is described once', () => {
  const doc = metricsDoc();
  for (const { name, labels } of catalogue) {
    expect(doc.split(`### \`${name}\`\n`)).toHaveLength(2);
    const section = doc.slice(doc.indexOf(`### \`${name}\`\n`) + 4).split('### ')[0]!;
    for (const label of Object.keys(labels)) expect(section).toContain(`- \`${label}\`: `);
  }
});
