import {
  DashboardBuilder,
  DashboardCursorSync,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { series } from '../metric';
import { addonsRow, exporterRow } from './addon-rows';
import { controlRow } from './control-row';
import { farmRow } from './farm-row';
import { failuresRow, framesRow } from './frames-row';
import { createGrid } from './grid';
import { diskRow, hostRow } from './machine-rows';
import { DATASOURCE, type PanelBuilder } from './panels';
import { queueRow } from './queue-row';
import { renderingRow } from './rendering-row';
import { workersRow } from './workers-row';

/** Stays the same, so that a dashboard imported again replaces the one before. */
const UID = 'framegauge';

/** A variable that all values of a label are chosen of at first. */
const choice = (name: string, label: string, from: string): QueryVariableBuilder =>
  new QueryVariableBuilder(name)
    .label(label)
    .datasource(DATASOURCE)
    .query({ query: `label_values(${from}, ${name})`, refId: name })
    .definition(`label_values(${from}, ${name})`)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .current({ selected: true, text: ['All'], value: ['$__all'] });

/** The dashboard in Grafana’s JSON, for provisioning and for its Import page. */
export function dashboardFile(): string {
  const dashboard = new DashboardBuilder('Framegauge')
    .uid(UID)
    .description('Renders of Framegauge: whether they go on, how fast, until when, and what went wrong.')
    .tags(['framegauge', 'rendering'])
    .time({ from: 'now-1h', to: 'now' })
    .timezone('browser')
    .refresh('10s')
    .tooltip(DashboardCursorSync.Crosshair)
    .editable()
    .withVariable(new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'))
    // All jobs are those of Framegauge: every other program’s processes have the standard metrics, too.
    .withVariable(choice('job', 'Job', series('framegauge_info')))
    // All hosts include machines of a farm, which are none to choose.
    .withVariable(choice('instance', 'Host', series('framegauge_info', 'job=~"$job"')).allValue('.+'));

  const rows: readonly (readonly [title: string, panels: readonly PanelBuilder[]])[] = [
    ['Rendering', renderingRow()],
    ['Queue', queueRow()],
    ['Frames', framesRow()],
    ['Workers', workersRow()],
    ['Farm', farmRow()],
    ['Failures', failuresRow()],
    ['Disk', diskRow()],
    ['Add-ons', addonsRow()],
    ['Metrics server', exporterRow()],
    ['Control server', controlRow()],
    ['Program', hostRow()],
  ];
  const grid = createGrid();
  let id = 0;
  for (const [title, panels] of rows) {
    dashboard.withRow(new RowBuilder(title).id(++id).gridPos(grid.place(24, 1)));
    for (const panel of panels) {
      const { w, h } = panel.build().gridPos!;
      dashboard.withPanel(panel.id(++id).gridPos(grid.place(w, h)));
    }
    grid.closeOff();
  }
  return `${JSON.stringify(dashboard.build(), null, 2)}\n`;
}
