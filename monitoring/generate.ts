import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { METRICS_DOC, metricsDoc } from './generate-metrics-doc';
import { kitFiles } from './source/kit-files';

// npm run monitoring: writes the monitoring kit anew from the catalogue of metrics.
for (const [path, content] of kitFiles()) {
  const file = join(import.meta.dirname, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  process.stdout.write(`monitoring/${path}\n`);
}
writeFileSync(METRICS_DOC, metricsDoc());
process.stdout.write('docs/metrics.md\n');
