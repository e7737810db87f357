import { MACHINES_JOB, SCRAPE_JOB } from './metric';
import { yamlFile } from './yaml-file';

/** Where the add-on serves metrics until somebody chooses another Address:port. */
export const DEFAULT_TARGET = 'localhost:8000';

/** The same address from inside a container. */
export const CONTAINER_TARGET = DEFAULT_TARGET.replace('localhost', 'host.docker.internal');

/** Frames per minute are looked at over one minute, and panels over 20 seconds: a few scrapes should fall into it. */
const OFTEN = { scrape_interval: '5s', scrape_timeout: '4s' };

/**
 * Prometheus’s own configuration. Paths in it are relative to the file, so it works from any folder and in the
 * container.
 *
 * @param host that tells of the machines of its farm
 */
export function prometheusFile(host: string): string {
  return yamlFile(
    {
      global: { scrape_interval: '15s', evaluation_interval: '15s' },
      rule_files: ['rules/*.yml'],
      scrape_configs: [
        {
          job_name: SCRAPE_JOB,
          ...OFTEN,
          file_sd_configs: [{ files: ['targets/*.yml'] }],
        },
        {
          job_name: MACHINES_JOB,
          ...OFTEN,
          http_sd_configs: [{ url: `http://${host}/sd` }],
          relabel_configs: [
            // The host itself, which the list begins with, is a target already.
            { source_labels: ['machine'], regex: '.+', action: 'keep' },
            { source_labels: ['machine'], target_label: 'instance' },
          ],
        },
      ],
    },
    [
      '',
      'The hosts to scrape are in targets/framegauge.yml, which Prometheus reads again whenever it changes.',
      'The machines of a farm that serve metrics are found by what its manager tells at /sd, in the form of Prometheus’s',
      'HTTP service discovery. With metrics behind TLS or a password, both jobs need scheme, tls_config and basic_auth, and',
      'the second one needs them under http_sd_configs, too.',
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
