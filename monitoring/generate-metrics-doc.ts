import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { catalogue } from '../src/addon/prometheus/catalogue/catalogue';
import type { CatalogueEntry } from '../src/addon/prometheus/catalogue/catalogue-entry';

/** Where the document belongs. */
export const METRICS_DOC = resolve(import.meta.dirname, '../docs/metrics.md');

const SECTIONS: readonly { readonly title: string; readonly of: RegExp }[] = [
  { title: 'Historic names', of: /^[A-Z]/ },
  { title: 'Host and jobs', of: /^framegauge_(info|up|start_time|renders|jobs)/ },
  { title: 'Frames and the queue', of: /^framegauge_(frame|frames|last_frame|queue|job)_/ },
  { title: 'Workers', of: /^framegauge_worker_/ },
  { title: 'The farm', of: /^framegauge_(farm|machine)_/ },
  { title: 'Disks', of: /^framegauge_volume_/ },
  { title: 'Add-ons', of: /^framegauge_addon_/ },
  { title: 'The metrics server', of: /^framegauge_exporter_/ },
  { title: 'The control server', of: /^framegauge_http_/ },
  { title: 'The app’s processes', of: /^framegauge_process_/ },
];

/** docs/metrics.md as the catalogue wants it. @throws Error when a metric belongs to no section */
export function metricsDoc(): string {
  const left = new Set<CatalogueEntry>(catalogue);
  const sections = SECTIONS.map(({ title, of }) => {
    const entries = [...left].filter((entry) => of.test(entry.name));
    for (const entry of entries) left.delete(entry);
    return `## ${title}\n\n${entries.map(describe).join('\n')}`;
  });
  if (left.size > 0)
    throw new Error(
      `No section of monitoring/generate-metrics-doc.ts is for ${[...left].map((entry) => entry.name).join(', ')}: add one.`,
    );
  return `<!-- Made from src/addon/prometheus/catalogue/ by npm run monitoring: change it there. -->

# Metrics

What the Prometheus add-on serves at \`/metrics\`. Counters start at 0 when the add-on is enabled or the program starts,
survive a crash of the add-on, and include the work of workers that are gone. Everything else is read at scrape time.
The host process’s standard \`process_*\` and \`nodejs_*\` metrics are served too, and so is whatever other add-ons count.

In OpenMetrics a counter also has its creation time, \`…_created\`.

${sections.join('\n')}`;
}

function describe({ name, type, unit, help, labels, since, only }: CatalogueEntry): string {
  const facts = [`${type}, ${unit}; since ${since}`, ...(only ? [`only when ${only}`] : [])].join('; ');
  const explained = Object.entries(labels).map(([label, values]) => `- \`${label}\`: ${values}`);
  return `### \`${name}\`\n\n${help.replace(/\.$/, '')}. (${facts})\n${explained.length > 0 ? `\n${explained.join('\n')}\n` : ''}`;
}

// Run by itself it writes the file.
if (process.argv[1] === import.meta.filename) writeFileSync(METRICS_DOC, metricsDoc());
