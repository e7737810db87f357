import { composeFile } from './compose-file';
import { dashboardFile } from './dashboard/dashboard';
import { dashboardsFile, datasourcesFile } from './grafana-files';
import { CONTAINER_TARGET, DEFAULT_TARGET, prometheusFile, targetsFile } from './prometheus-files';
import { RULE_FILES, alertRulesFile, alertTestsFile, recordingRulesFile, recordingTestsFile } from './rule-files';

/** Every file of the kit that is made, by its path in monitoring/. */
export function kitFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['prometheus.yml', prometheusFile(DEFAULT_TARGET)],
    ['prometheus-compose.yml', prometheusFile(CONTAINER_TARGET)],
    ['targets/framegauge.yml', targetsFile(DEFAULT_TARGET)],
    ['targets/compose/framegauge.yml', targetsFile(CONTAINER_TARGET)],
    [RULE_FILES.recording, recordingRulesFile()],
    [RULE_FILES.alerts, alertRulesFile()],
    ['tests/recording.yml', recordingTestsFile()],
    ['tests/alerts.yml', alertTestsFile()],
    ['grafana/dashboards/framegauge.json', dashboardFile()],
    ['grafana/provisioning/datasources/framegauge.yml', datasourcesFile()],
    ['grafana/provisioning/dashboards/framegauge.yml', dashboardsFile()],
    ['compose.yml', composeFile()],
  ]);
}
