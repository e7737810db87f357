import type { AddonContext, AppSnapshot } from '../api/context';
import { formatAddress, metricsUrl } from './address';
import { atMostEvery } from './at-most-every';
import { createScrapeCounter, type Scrape } from './exporter-state';
import { lastScrapeDetails } from './last-scrape';
import { createListener, type ListenerState } from './listener';
import { createRoutes } from './routes';
import { seriesOf } from './series';

/** Where to listen when the preference cannot be used. The variable is for tests, which cannot count on one port being free. */
const FALLBACK = process.env.FRAMEGAUGE_PROMETHEUS_FALLBACK ?? '0.0.0.0:8000';

/** The bundled add-on that serves metrics to Prometheus. */
export async function register(ctx: AddonContext): Promise<void> {
  const scrapes = createScrapeCounter();
  let listening: ListenerState | null = null;
  const refresh = (): void => void (listening && show(ctx, listening, scrapes.read().lastScrape));
  // The panel need not follow a hundred scrapes a second.
  const refreshSoon = atMostEvery(1_000, refresh);

  const series = (snapshot: AppSnapshot | null): ReturnType<typeof seriesOf> =>
    seriesOf(
      snapshot,
      {
        ...scrapes.read(),
        historicNames: ctx.preferences.get<boolean>('historicNames'),
        listening: listening !== null && listening.effective !== null,
        fallback: listening !== null && listening.effective !== null && listening.reason !== null,
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
      refreshSoon();
    },
    failed(error) {
      scrapes.failed();
      told(error);
    },
  });
  const listener = createListener({
    routes,
    fallback: FALLBACK,
    onState(state) {
      listening = state;
      refresh();
    },
    log: (level, text) => ctx.log[level](text),
  });
  ctx.onDispose(() => refreshSoon.end());
  ctx.onDispose(() => listener.close());
  ctx.preferences.onChange('address', (address) => listener.listen(String(address)));
  await listener.listen(ctx.preferences.get<string>('address'));
}

/** Everything was taken through ctx, which releases it: the listener with its port, the metrics. */
export function unregister(): void {}

function show(ctx: AddonContext, { requested, effective, reason, retrying }: ListenerState, lastScrape: Scrape | null): void {
  const url = effective && metricsUrl(effective);
  const again = retrying ? ' It is tried again from time to time.' : '';
  ctx.status({
    level: effective === null ? 'error' : reason === null ? 'ok' : 'warning',
    text: effective ? `Serving metrics on ${formatAddress(effective)}${reason === null ? '' : ` instead. ${reason}`}` : `No metrics are served. ${reason ?? ''}`,
    details: [
      { label: 'Requested', value: requested },
      { label: 'Effective', value: effective ? formatAddress(effective) : 'none', ...(url ? { href: url } : {}) },
      ...(reason === null ? [] : [{ label: 'Reason', value: reason + again }]),
      ...lastScrapeDetails(lastScrape),
    ],
  });
}
