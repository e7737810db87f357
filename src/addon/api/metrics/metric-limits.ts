/**
 * Limits of what an add-on may expose. A larger scrape is of no use to Prometheus, and each limit bounds the cost of
 * the checks themselves: their input comes from a process that may run anything.
 */
export const METRIC_LIMITS = {
  families: 1_000,
  /** Sample lines, all families together. */
  samples: 200_000,
  /** Characters of names and labels, all samples together. */
  characters: 32_000_000,
  nameLength: 200,
  helpLength: 2_000,
  labels: 32,
  labelLength: 1_000,
  bounds: 200,
  /** OpenMetrics: total length of an exemplar's label names and values, in code points. */
  exemplarLength: 128,
} as const;

/**
 * Names beginning with two underscores are reserved by Prometheus: `__name__` would move a sample to another metric.
 */
export const LABEL_NAME = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/;
/** A control character that scrapers reject, or an unpaired surrogate. */
// eslint-disable-next-line no-control-regex
export const UNREADABLE = /[\0-\x08\x0b-\x1f\x7f]|\p{Surrogate}/u;
