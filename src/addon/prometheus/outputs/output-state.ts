/** The outputs that metrics can be sent to, besides being scraped. */
export const OUTPUT_NAMES = ['textfile', 'pushgateway', 'graphite'] as const;
export type OutputName = (typeof OUTPUT_NAMES)[number];

/** The state of an output that is switched on. */
export interface OutputState {
  readonly output: OutputName;
  /** Where the metrics go, readable and without secrets. */
  readonly target: string;
  /** Failed attempts since the add-on's process started. */
  readonly errors: number;
  /** Milliseconds since 1970; null before the first success. */
  readonly lastSuccess: number | null;
  /** Why it fails at present, in one sentence; null while it works. */
  readonly error: string | null;
}
