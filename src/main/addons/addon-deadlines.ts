/** Timeouts for an add-on, in milliseconds. When one passes, the host goes on without it. */
export interface AddonDeadlines {
  /** For `register`. */
  readonly start: number;
  /** For `unregister` and releases; then the process is killed. */
  readonly stop: number;
  /** For applying a changed preference. */
  readonly apply: number;
  /** For returning its metrics. */
  readonly metrics: number;
  /** For answering a ping: blocked for longer, the process counts as hung and is killed. */
  readonly answer: number;
}

export const ADDON_DEADLINES: AddonDeadlines = {
  start: 15_000,
  stop: 6_000,
  apply: 10_000,
  metrics: 1_000,
  answer: 30_000,
};
