/** The ways that metrics take besides being scraped. */
export const OUTPUT_NAMES = ['textfile', 'pushgateway', 'graphite'] as const;
export type OutputName = (typeof OUTPUT_NAMES)[number];

/** What one output that is switched on tells of itself. */
export interface OutputState {
  readonly output: OutputName;
  /** Where the metrics go, as a person would write it, without secrets. */
  readonly target: string;
  /** Times that metrics could not be handed over, since the add-on's process started. */
  readonly errors: number;
  /** Milliseconds since 1970; null as long as it has not worked. */
  readonly lastSuccess: number | null;
  /** Why it does not work now, in one sentence; null while it does. */
  readonly error: string | null;
}
