import type { MetricFamily } from '../../shared/addon-protocol';
import { mergeFamilies } from '../../shared/merge-families';
import { messageOf } from '../../shared/user-error';

/** A part of the host that has metrics. */
export interface MetricSource {
  /** To blame where its metrics clash with another's, as in “the metric x of <name> is left out”. */
  readonly name: string;
  families(): Promise<readonly MetricFamily[]>;
}

/**
 * Makes the function that collects the metrics of all parts of the host at once. A part that fails is left out. Those of add-ons are merged in by the process
 * that serves them (ctx.metrics.collect), so that their number costs the host nothing. While every part answers with the list of before, the answer is the same list too.
 *
 * @param report told a sentence for each thing left out, each once
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
    // The same list, for those who can tell by it that nothing is new.
    if (!last || lists.some((list, index) => list !== last?.collected[index]))
      last = { collected: lists, merged: mergeFamilies(collected, reportOnce) };
    return last.merged;
  };
}
