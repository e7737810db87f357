import type { MetricFamily } from '../../api/context';
import type { Handover } from './repeat';

/** One way out for metrics, with settings that do not change any more. */
export interface Output {
  /** Where the metrics go, as a person would write it, without secrets. */
  readonly target: string;
  /** In seconds. */
  readonly interval: number;
  /** Whether pauses grow while it fails; an output that has pauses of its own is called at every interval. */
  readonly growing: boolean;
  /** Hands the families over. @throws Error that says in a sentence what went wrong */
  send(families: readonly MetricFamily[], signal: AbortSignal): Promise<Handover>;
  /**
   * Lets go: it is switched off, has other settings now, or the add-on ends.
   *
   * @param moved false when another output with the same target comes after this one
   * @param collect the metrics as they are now, for a last word
   * @param signal aborted when there is no more time
   */
  leave(moved: boolean, collect: () => Promise<readonly MetricFamily[]>, signal: AbortSignal): Promise<void>;
}

/** Makes an output of the preferences; null where its target is empty. @throws Error that says in a sentence which preference cannot be used */
export type OutputFactory = (preferences: OutputPreferences) => Output | null;

/** The add-on's preferences for outputs, by key. */
export interface OutputPreferences {
  text(key: string): string;
  number(key: string): number;
  boolean(key: string): boolean;
}
