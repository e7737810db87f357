import { PanelBuilder as BarGauge } from '@grafana/grafana-foundation-sdk/bargauge';
import { type Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  BarGaugeDisplayMode,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  HeatmapCellLayout,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  type DataSourceRef,
  FieldColorBuilder,
  FieldColorModeId,
  type GridPos,
  MappingType,
  type Panel,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import {
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  PanelBuilder as Heatmap,
  RowsHeatmapOptionsBuilder,
  YAxisConfigBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as Stat } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as StateTimeline } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries';
import { MACHINES_JOB, type ProcessMetricName, type SeriesName, series } from '../metric';
import { catalogue } from '../../../src/addon/prometheus/catalogue/catalogue';
import type { CatalogueEntry } from '../../../src/addon/prometheus/catalogue/catalogue-entry';

export const DATASOURCE: DataSourceRef = { type: 'prometheus', uid: '${datasource}' };

/** A selector for the hosts that are chosen at the top of the dashboard. */
export function chosen(name: SeriesName, ...matchers: readonly string[]): string {
  return series(name, 'job=~"$job"', 'instance=~"$instance"', ...matchers);
}

/** The same for the standard metrics of a process, with those of a farm’s machines. */
export function chosenProcesses(name: ProcessMetricName): string {
  return series(name, `job=~"$job|${MACHINES_JOB}"`, 'instance=~"$instance"');
}

const entries: readonly CatalogueEntry[] = catalogue;

/** One question of a panel. */
export interface Query {
  readonly expr: string;
  /** Name of each answer, with labels as `{{instance}}`. */
  readonly legend: string;
}

/** What every panel has. */
export interface PanelText {
  readonly title: string;
  /** What it shows and how to read it; Grafana shows it behind the i. */
  readonly description: string;
  /**
   * As https://pkg.go.dev/github.com/grafana/grafana-foundation-sdk/go/units has them; free text is shown behind the
   * number.
   */
  readonly unit: string;
  /** Columns of 24. */
  readonly width: number;
  /** Rows of 30 pixels. */
  readonly height: number;
  readonly queries: readonly Query[];
  /** Shown where there is nothing to show. */
  readonly noValue?: string;
}

export type PanelBuilder = Builder<Panel> & { id(id: number): PanelBuilder; gridPos(place: GridPos): PanelBuilder };

/** What the builders of all kinds of panel have in common. */
interface AnyPanel {
  title(title: string): this;
  description(description: string): this;
  unit(unit: string): this;
  span(width: number): this;
  height(height: number): this;
  datasource(ref: DataSourceRef): this;
  noValue(text: string): this;
  targets(targets: Builder<object>[]): this;
}

function queriesOf(
  queries: readonly Query[],
  shape: (query: DataqueryBuilder) => DataqueryBuilder,
): DataqueryBuilder[] {
  return queries.map(({ expr, legend }, index) =>
    shape(
      new DataqueryBuilder()
        .expr(expr)
        .legendFormat(legend)
        .datasource(DATASOURCE)
        .refId(String.fromCodePoint('A'.codePointAt(0)! + index)),
    ),
  );
}

/**
 * When a panel stays empty, in a sentence, where every series that it asks for is there at times only: “No data” would
 * look like a fault.
 */
function absence(queries: readonly Query[]): string {
  // An `or` has something else to show.
  const conditions = queries.map(({ expr }) =>
    /\bor\b/.test(expr)
      ? undefined
      : entries.find(
          ({ name, only }) => only !== undefined && new RegExp(`\\b${name}(?:_bucket|_sum|_count)?\\b`).test(expr),
        )?.only,
  );
  if (conditions.some((condition) => condition === undefined)) return '';
  return ` No data unless ${[...new Set(conditions)].join(', or ')}.`;
}

function describe<P extends AnyPanel>(
  panel: P,
  text: PanelText,
  shape: (query: DataqueryBuilder) => DataqueryBuilder,
): P {
  panel
    .title(text.title)
    .description(/\bempty\b/i.test(text.description) ? text.description : `${text.description}${absence(text.queries)}`)
    .unit(text.unit)
    .span(text.width)
    .height(text.height)
    .datasource(DATASOURCE)
    .targets(queriesOf(text.queries, shape));
  if (text.noValue !== undefined) panel.noValue(text.noValue);
  return panel;
}

/** A number that begins with each of the values. The first one’s colour is that of everything below it, too. */
export type Steps = readonly (readonly [from: number | null, color: string])[];

const thresholds = (steps: Steps): ThresholdsConfigBuilder =>
  new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps.map(([value, color]) => ({ value, color })));
const NEUTRAL: Steps = [[null, 'text']];

/** Lines over time. */
export function lines(
  text: PanelText & { readonly stacked?: boolean; readonly min?: number; readonly max?: number },
): PanelBuilder {
  const panel = describe(new TimeSeries(), text, (query) => query.range())
    .lineWidth(1)
    .fillOpacity(text.stacked ? 40 : 10)
    .showPoints(VisibilityMode.Never)
    .spanNulls(false)
    .min(text.min ?? 0)
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  if (text.max !== undefined) panel.max(text.max);
  if (text.stacked) panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
  return panel;
}

const lastValue = (): ReduceDataOptionsBuilder =>
  new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false).fields('');

/**
 * One number for each answer, as it is now. @param text.named writes the answer's name beside it, which says whose it
 * is
 */
export function number(
  text: PanelText & { readonly named?: boolean; readonly steps?: Steps; readonly values?: States },
): PanelBuilder {
  const panel = describe(new Stat(), text, (query) => query.instant())
    .reduceOptions(lastValue())
    .graphMode(BigValueGraphMode.None)
    .colorMode(BigValueColorMode.Value)
    .textMode(text.named ? BigValueTextMode.ValueAndName : BigValueTextMode.Auto)
    .thresholds(thresholds(text.steps ?? NEUTRAL));
  if (text.values) panel.mappings(mappings(text.values));
  return panel;
}

/** A bar for each answer, as it is now, from `min` to `max`. */
export function bars(
  text: PanelText & { readonly min: number; readonly max: number; readonly steps: Steps },
): PanelBuilder {
  return describe(new BarGauge(), text, (query) => query.instant())
    .reduceOptions(lastValue())
    .displayMode(BarGaugeDisplayMode.Basic)
    .min(text.min)
    .max(text.max)
    .thresholds(thresholds(text.steps));
}

/** Numbers that stand for states: their word and colour. */
export type States = Readonly<Record<number, readonly [word: string, color: string]>>;

function mappings(states: States): ValueMapping[] {
  const options = Object.fromEntries(
    Object.entries(states).map(([value, [text, color]], index) => [value, { text, color, index }]),
  );
  return [{ type: MappingType.ValueToText, options }];
}

/** Coloured stretches of time for each answer. */
export function timeline(text: PanelText & { readonly states: States }): PanelBuilder {
  return describe(new StateTimeline(), text, (query) => query.range())
    .mappings(mappings(text.states))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .thresholds(thresholds(NEUTRAL))
    .mergeValues(true)
    .showValue(VisibilityMode.Auto)
    .rowHeight(0.9)
    .fillOpacity(75)
    .lineWidth(0)
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Single));
}

/** How many observations fell into each bucket of a histogram, over time. The query answers buckets by `le`. */
export function heatmap(text: PanelText): PanelBuilder {
  return describe(new Heatmap(), { ...text, unit: text.unit }, (query) => query.range().format(PromQueryFormat.Heatmap))
    .calculate(false)
    .rowsFrame(new RowsHeatmapOptionsBuilder().layout(HeatmapCellLayout.Auto))
    .yAxis(new YAxisConfigBuilder().unit(text.unit))
    .color(new HeatmapColorOptionsBuilder().mode(HeatmapColorMode.Scheme).scheme('Oranges').exponent(0.5).steps(64))
    .cellGap(1)
    .showLegend();
}
