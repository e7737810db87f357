import type { AddonContext } from '../api/context';
import { formatAddress, metricsUrl } from './address';
import { createListener, type ListenerState } from './listener';
import { outputDetails } from './outputs/output-details';
import type { OutputState } from './outputs/output-state';
import { registerOutputMetrics } from './outputs/output-metrics';
import { createOutputs, OUTPUT_PREFERENCES } from './outputs/outputs';
import { registerRenderMetrics } from './render-metrics';
import { createRoutes } from './routes';
import { guardRoutes } from './web-config/guard';
import { webConfigDetails } from './web-config/web-config-details';
import { createWebConfigWatch, type WebConfigState } from './web-config/web-config-watch';

/** Where to listen when the preference cannot be used. The variable is for tests, which cannot count on one port being free. */
const FALLBACK = process.env.FRAMEGAUGE_PROMETHEUS_FALLBACK ?? '0.0.0.0:8000';

/** The bundled add-on that serves metrics to Prometheus. */
export async function register(ctx: AddonContext): Promise<void> {
  await registerRenderMetrics(ctx);
  const routes = createRoutes({
    collect: ctx.metrics.collect,
    failed: (error) => ctx.log.error(`A scrape could not be answered: ${error instanceof Error ? error.message : String(error)}`),
  });
  let listening: ListenerState | null = null;
  const refresh = (): void => void (listening && show(ctx, listening, webConfig.state(), outputs.state()));
  const log = (level: 'info' | 'warn' | 'error', text: string): void => ctx.log[level](text);

  const webConfig = createWebConfigWatch({
    log,
    async onChange({ protection, error }) {
      listener.secure(typeof protection === 'string' ? null : protection.tls);
      await listener.withhold(protection === 'closed' ? error : null);
      refresh();
    },
  });
  const listener = createListener({
    routes: guardRoutes(routes, () => webConfig.state().protection),
    fallback: FALLBACK,
    onState(state) {
      listening = state;
      refresh();
    },
    log,
  });
  const outputs = createOutputs({ preference: ctx.preferences.get, collect: ctx.metrics.collect, onState: refresh, log });
  registerOutputMetrics(ctx, outputs.state);

  ctx.onDispose(() => listener.close());
  ctx.onDispose(() => webConfig.close());
  ctx.onDispose(() => outputs.close());
  ctx.preferences.onChange('webConfig', (path) => webConfig.use(String(path).trim()));
  ctx.preferences.onChange('address', (address) => listener.listen(String(address)));
  for (const key of OUTPUT_PREFERENCES) ctx.preferences.onChange(key, () => outputs.apply());
  // Before the first connection can be made.
  await webConfig.use(ctx.preferences.get<string>('webConfig').trim());
  await listener.listen(ctx.preferences.get<string>('address'));
  await outputs.apply();
}

/** Everything was taken through ctx, which releases it: the listener with its port, the handlers, the metrics. */
export function unregister(): void {}

function show(ctx: AddonContext, { requested, effective, reason, retrying, cause }: ListenerState, webConfig: WebConfigState, outputs: readonly OutputState[]): void {
  const secure = typeof webConfig.protection === 'object' && webConfig.protection.tls !== null;
  const url = effective && metricsUrl(effective, secure);
  const again = retrying ? ' It is tried again from time to time.' : '';
  const troubled = webConfig.error !== null || outputs.some(({ error }) => error !== null);
  ctx.status({
    level: effective === null ? 'error' : reason === null && !troubled ? 'ok' : 'warning',
    text: effective ? `Serving metrics on ${formatAddress(effective)}${reason === null ? '' : ` instead. ${reason}`}` : `No metrics are served. ${reason ?? ''}`,
    details: [
      { label: 'Requested', value: requested },
      { label: 'Effective', value: effective ? formatAddress(effective) : 'none', ...(url ? { href: url } : {}) },
      ...(reason === null || cause === 'web-config' ? [] : [{ label: 'Reason', value: reason + again }]),
      ...webConfigDetails(webConfig),
      ...outputDetails(outputs),
    ],
  });
}
