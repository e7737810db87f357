import { SCRAPE_JOB } from './metric';
import { yamlFile } from './yaml-file';

/** Where the add-on serves metrics until somebody chooses another Address:port. */
export const DEFAULT_TARGET = 'localhost:8000';

/**
 * Prometheus’s own configuration. Paths in it are relative to the file, so it works from any folder and in the
 * container.
 */
export function prometheusFile(): string {
  return yamlFile(
    {
      global: { scrape_interval: '15s', evaluation_interval: '15s' },
      rule_files: ['rules/*.yml'],
      scrape_configs: [
        {
          job_name: SCRAPE_JOB,
          // Frames per minute are looked at over one minute: a few scrapes should fall into it.
          scrape_interval: '5s',
          scrape_timeout: '4s',
          file_sd_configs: [{ files: ['targets/*.yml'] }],
        },
      ],
    },
    [
      '',
      'The hosts to scrape are in targets/framegauge.yml, which Prometheus reads again whenever it changes.',
      'A host also tells its own metrics address at /sd, in the form of Prometheus’s HTTP service discovery:',
      '',
      '  http_sd_configs:',
      `    - url: http://${DEFAULT_TARGET}/sd`,
      '',
      'Alerts are evaluated here. To have them sent, run an Alertmanager and name it:',
      '',
      '  alerting:',
      '    alertmanagers:',
      '      - static_configs:',
      "          - targets: ['localhost:9093']",
      '',
    ],
  );
}

/** The hosts to scrape: one target for each machine that renders. */
export function targetsFile(target: string): string {
  return yamlFile([{ targets: [target] }], ['One line for each host: its Address:port as this machine reaches it.']);
}
