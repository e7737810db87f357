import type { AddonContext, AppSnapshot } from '../api/context';
import { createScrapeCounter } from './exporter-state';
import { createListener, type ListenerState } from './listener';
import { createPanel } from './panel';
import { createRoutes } from './routes';
import { seriesOf } from './series';

/** Where to listen when the preference cannot be used. The variable is for tests, which cannot count on one port being free. */
const FALLBACK = process.env.FRAMEGAUGE_PROMETHEUS_FALLBACK ?? '0.0.0.0:8000';

/** The bundled add-on that serves metrics to Prometheus. */
export async function register(ctx: AddonContext): Promise<void> {
  const scrapes = createScrapeCounter();
  const panel = createPanel((status) => ctx.status(status));
  ctx.onDispose(() => panel.close());
  let state: ListenerState | null = null;

  const series = (snapshot: AppSnapshot | null): ReturnType<typeof seriesOf> =>
    seriesOf(
      snapshot,
      {
        ...scrapes.read(),
        historicNames: ctx.preferences.get<boolean>('historicNames'),
        listening: state !== null && state.effective !== null,
        fallback: state !== null && state.effective !== null && state.reason !== null,
        outputs: [],
      },
      Date.now(),
    );
  ctx.metrics.source(async () => series(await ctx.app.snapshot()));

  const told = (error: unknown): void => ctx.log.error(`A scrape could not be answered: ${error instanceof Error ? error.message : String(error)}`);
  const routes = createRoutes({
    async collect() {
      try {
        return await ctx.metrics.collect();
      } catch (error) {
        // A host that does not answer is just what somebody who watches it wants to be told.
        told(error);
        return series(null);
      }
    },
    answered(scrape) {
      scrapes.answered(scrape);
      panel.scraped(scrape);
    },
    failed(error) {
      scrapes.failed();
      told(error);
    },
  });
  const listener = createListener({
    routes,
    fallback: FALLBACK,
    onState(next) {
      state = next;
      panel.listener(next);
    },
    log: (level, text) => ctx.log[level](text),
  });
  ctx.onDispose(() => listener.close());
  ctx.preferences.onChange('address', (address) => listener.listen(String(address)));
  await listener.listen(ctx.preferences.get<string>('address'));
}

/** Everything was taken through ctx, which releases it: the listener with its port, the metrics. */
export function unregister(): void {}
