import type { MetricFamily } from '../../shared/addon-protocol';
import { mergeFamilies } from '../../shared/merge-families';
import { messageOf } from '../../shared/user-error';

/** A part of the host that has metrics. */
export interface MetricSource {
  /** Names the source in messages about conflicting metrics, such as “the metric x of <name> is left out”. */
  readonly name: string;
  families(): Promise<readonly MetricFamily[]>;
}

/**
 * Creates a function that collects the metrics of all parts of the host. A part that fails is left out. Metrics of
 * add-ons are merged in by the process that serves them (ctx.metrics.collect), so that their number does not affect the
 * host. If no part has changed, the result is the same list as before.
 *
 * @param report called with a sentence for each omission, each once
 */
export function createCollector(
  sources: readonly MetricSource[],
  report: (text: string) => void,
): () => Promise<MetricFamily[]> {
  const reported = new Set<string>();
  function reportOnce(text: string): void {
    if (reported.has(text) || reported.size >= 1_000) return;
    reported.add(text);
    report(text);
  }
  let last: { collected: readonly (readonly MetricFamily[])[]; merged: MetricFamily[] } | null = null;
  return async () => {
    const collected = await Promise.all(
      sources.map(async (source) => {
        try {
          return { from: source.name, families: await source.families() };
        } catch (error) {
          reportOnce(`The metrics of ${source.name} are left out: ${messageOf(error)}`);
          return { from: source.name, families: [] };
        }
      }),
    );
    const lists = collected.map(({ families }) => families);
    // The same list lets callers detect that nothing has changed.
    if (!last || lists.some((list, index) => list !== last?.collected[index]))
      last = { collected: lists, merged: mergeFamilies(collected, reportOnce) };
    return last.merged;
  };
}
