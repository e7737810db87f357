import type { MetricFamily } from '../../api/context';
import type { Handover } from './repeat';

/** One output with fixed settings. */
export interface Output {
  /** Where the metrics go, readable and without secrets. */
  readonly target: string;
  /** In seconds. */
  readonly interval: number;
  /** Whether failures back off exponentially; an output with a backoff of its own is called at every interval. */
  readonly growing: boolean;
  /** Sends the families. @throws Error that says in a sentence what went wrong */
  send(families: readonly MetricFamily[], signal: AbortSignal): Promise<Handover>;
  /**
   * Called when the output is switched off, its settings have changed, or the add-on ends.
   *
   * @param moved false when the next output has the same target
   * @param collect the current metrics, for a last update
   * @param signal aborted when the time for it is up
   */
  leave(moved: boolean, collect: () => Promise<readonly MetricFamily[]>, signal: AbortSignal): Promise<void>;
}

/**
 * Creates an output from the preferences; null where its target is empty. @throws Error that says in a sentence which
 * preference cannot be used
 */
export type OutputFactory = (preferences: OutputPreferences) => Output | null;

/** The add-on's preferences for outputs, by key. */
export interface OutputPreferences {
  text(key: string): string;
  number(key: string): number;
  boolean(key: string): boolean;
}
