import type { AddonContext, AppSnapshot } from '../api/context';
import { deadline } from '../api/deadline';
import { createScrapeCounter } from './exporter-state';
import type { ListedMachine } from './discovery';
import { fallbackAddress } from './fallback-address';
import { createListener, type ListenerState } from './listener';
import { createOutputs, OUTPUT_PREFERENCES } from './outputs/outputs';
import { createPanel } from './panel';
import { createRoutes } from './routes';
import { seriesOf } from './series';
import { guardRoutes } from './web-config/guard';
import { isGuarded } from './web-config/is-guarded';
import { createWebConfigWatch } from './web-config/web-config-watch';

/**
 * How long a scrape waits for the host, in milliseconds. Scrapers give up after 4 or 5 seconds, and would never see that
 * the host is silent.
 */
const COLLECTION_DEADLINE = 2_500;

/** The bundled add-on that serves metrics to Prometheus. */
export async function register(ctx: AddonContext): Promise<void> {
  const log = (level: 'info' | 'warn' | 'error', text: string): void => ctx.log[level](text);
  const scrapes = createScrapeCounter();
  const outputs = createOutputs({
    preference: ctx.preferences.get,
    collect: ctx.metrics.collect,
    onState: () => panel.changed(),
    log,
  });
  const webConfig = createWebConfigWatch({
    log,
    async onChange({ protection, error }) {
      listener.secure(typeof protection === 'string' ? null : protection.tls);
      await listener.withhold(protection === 'closed' ? error : null);
      panel.changed();
    },
  });
  const panel = createPanel(
    (status) => ctx.status(status),
    () => ({ webConfig: webConfig.state(), outputs: outputs.state() }),
  );
  let state: ListenerState | null = null;

  const series = (snapshot: AppSnapshot | null): ReturnType<typeof seriesOf> =>
    seriesOf(
      snapshot,
      {
        ...scrapes.read(),
        historicNames: ctx.preferences.get<boolean>('historicNames'),
        listening: state !== null && state.effective !== null,
        fallback: state !== null && state.effective !== null && state.reason !== null,
        widened: state?.widened ?? false,
        outputs: outputs.state(),
      },
      Date.now(),
    );
  ctx.metrics.source(series);

  const logFailure = (error: unknown): void =>
    ctx.log.error(`A scrape could not be answered: ${error instanceof Error ? error.message : String(error)}`);
  let machines: readonly ListedMachine[] = [];
  const routes = createRoutes({
    async machines() {
      // While the host does not answer, the targets stay: Prometheus would forget those that are missing.
      await ctx.app.snapshot().then(
        ({ farm }) => (machines = farm?.machines ?? []),
        () => undefined,
      );
      return machines;
    },
    async collect() {
      try {
        return await deadline(
          ctx.metrics.collect(),
          COLLECTION_DEADLINE,
          `The host did not answer within ${COLLECTION_DEADLINE / 1_000} s.`,
        );
      } catch (error) {
        // An unresponsive host is exactly what monitoring must be able to see.
        logFailure(error);
        return series(null);
      }
    },
    answered(scrape) {
      scrapes.answered(scrape);
      panel.scraped(scrape);
    },
    failed(error) {
      scrapes.failed();
      logFailure(error);
    },
  });
  const listener = createListener({
    routes: guardRoutes(routes, () => webConfig.state().protection),
    fallback: () => fallbackAddress(ctx.preferences.get<string>('fallback')),
    guarded: () => isGuarded(webConfig.state()),
    onState(next) {
      state = next;
      panel.listener(next);
    },
    log,
  });

  // Released in reverse order: the outputs may send a last update, and the panel closes after everything else.
  ctx.onDispose(() => panel.close());
  ctx.onDispose(() => listener.close());
  ctx.onDispose(() => webConfig.close());
  ctx.onDispose(() => outputs.close());
  ctx.preferences.onChange('webConfig', (path) => webConfig.use(String(path).trim()));
  for (const key of ['address', 'fallback'])
    ctx.preferences.onChange(key, () => listener.listen(ctx.preferences.get<string>('address')));
  for (const key of OUTPUT_PREFERENCES) ctx.preferences.onChange(key, () => outputs.apply());
  // Before the first connection is accepted.
  await webConfig.use(ctx.preferences.get<string>('webConfig').trim());
  await listener.listen(ctx.preferences.get<string>('address'));
  await outputs.apply();
}

/** Everything was acquired through ctx, which releases it: the listener with its port, the metrics. */
export function unregister(): void {}
