/** The definition of one metric. Names and units follow https://prometheus.io/docs/practices/naming/. */
export interface CatalogueEntry {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** What a value counts or measures; ratios range from 0 to 1. */
  readonly unit: 'seconds' | 'bytes' | 'ratio' | 'frames' | 'jobs' | 'state' | 'info' | 'count';
  /** One sentence, as in HELP. */
  readonly help: string;
  /** Each label, with what bounds the number of its values. */
  readonly labels: Readonly<Record<string, string>>;
  /** The version of Framegauge that introduced it. */
  readonly since: string;
  /** The condition under which the metric is exposed, in words; omitted where it always is. */
  readonly only?: string;
}
