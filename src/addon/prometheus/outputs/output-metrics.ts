import type { AddonContext } from '../../api/context';
import type { OutputState } from './output-state';

/** Counts what the outputs do, as of each scrape; outputs that are switched off have no series. */
export function registerOutputMetrics(ctx: AddonContext, state: () => OutputState[]): void {
  ctx.metrics.counter({
    name: 'framegauge_exporter_output_errors_total',
    help: 'Times that metrics could not be handed to the output',
    labelNames: ['output'],
    collect() {
      this.reset();
      for (const { output, errors } of state()) this.inc({ output }, errors);
    },
  });
  ctx.metrics.gauge({
    name: 'framegauge_exporter_output_last_success_timestamp_seconds',
    help: 'When metrics were last handed to the output, in seconds since 1970',
    labelNames: ['output'],
    collect() {
      this.reset();
      for (const { output, lastSuccess } of state()) if (lastSuccess !== null) this.set({ output }, lastSuccess / 1000);
    },
  });
}
