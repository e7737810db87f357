import { yamlFile } from './yaml-file';

/** The long-term support line of Prometheus 3. */
const PROMETHEUS = 'prom/prometheus:v3.5.0';
/** Reads the dashboard schema that the SDK writes. */
const GRAFANA = 'grafana/grafana:12.3.1';

/** Starts Prometheus and Grafana with the whole kit. Both answer on this machine only. */
export function composeFile(): string {
  return yamlFile(
    {
      name: 'framegauge-monitoring',
      services: {
        prometheus: {
          image: PROMETHEUS,
          command: [
            '--config.file=/etc/prometheus/prometheus.yml',
            '--storage.tsdb.path=/prometheus',
            '--storage.tsdb.retention.time=90d',
            '--web.enable-lifecycle',
          ],
          ports: ['127.0.0.1:9090:9090'],
          // The machine that runs the containers, under one name on every platform.
          extra_hosts: ['host.docker.internal:host-gateway'],
          volumes: [
            './prometheus-compose.yml:/etc/prometheus/prometheus.yml:ro',
            './rules:/etc/prometheus/rules:ro',
            './targets/compose:/etc/prometheus/targets:ro',
            'prometheus:/prometheus',
          ],
          restart: 'unless-stopped',
        },
        grafana: {
          image: GRAFANA,
          ports: ['127.0.0.1:3000:3000'],
          environment: {
            PROMETHEUS_URL: 'http://prometheus:9090',
            GF_AUTH_ANONYMOUS_ENABLED: 'true',
            GF_AUTH_ANONYMOUS_ORG_ROLE: 'Viewer',
            GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH: '/var/lib/grafana/dashboards/framegauge.json',
            GF_ANALYTICS_REPORTING_ENABLED: 'false',
            GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
          },
          volumes: [
            './grafana/provisioning:/etc/grafana/provisioning:ro',
            './grafana/dashboards:/var/lib/grafana/dashboards:ro',
            'grafana:/var/lib/grafana',
          ],
          depends_on: ['prometheus'],
          restart: 'unless-stopped',
        },
      },
      volumes: { prometheus: {}, grafana: {} },
    },
    ['docker compose up -d, then http://localhost:3000. README.md tells the rest.'],
  );
}
