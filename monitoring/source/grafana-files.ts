import { yamlFile } from './yaml-file';

const DATASOURCE = 'framegauge-prometheus';

/**
 * Makes the kit’s Prometheus a data source. PROMETHEUS_URL is set by compose.yml; by hand, write the address instead.
 */
export function datasourcesFile(): string {
  return yamlFile({
    apiVersion: 1,
    datasources: [
      {
        name: 'Prometheus (Framegauge)',
        uid: DATASOURCE,
        type: 'prometheus',
        access: 'proxy',
        url: '$PROMETHEUS_URL',
        isDefault: true,
        editable: true,
        // Grafana takes $__rate_interval from it: four scrapes.
        jsonData: { timeInterval: '5s', httpMethod: 'POST' },
      },
    ],
  });
}

/** Has Grafana read the dashboards from where compose.yml mounts them. */
export function dashboardsFile(): string {
  return yamlFile({
    apiVersion: 1,
    providers: [
      {
        name: 'framegauge',
        folder: 'Framegauge',
        type: 'file',
        allowUiUpdates: true,
        updateIntervalSeconds: 30,
        options: { path: '/var/lib/grafana/dashboards' },
      },
    ],
  });
}
