import { hostname } from 'node:os';
import type { AddonContext } from '../api/context';
import { actionsOf } from './actions';
import { formatAddress, metricsUrl } from './address';
import { createListener, type ListenerState } from './listener';
import { registerRenderMetrics } from './render-metrics';
import { createRoutes } from './routes';

/** Where to listen when the preference cannot be used. The variable is for tests, which cannot count on one port being free. */
const FALLBACK = process.env.FRAMEGAUGE_PROMETHEUS_FALLBACK ?? '0.0.0.0:8000';

/** The bundled add-on that serves metrics to Prometheus. */
export async function register(ctx: AddonContext): Promise<void> {
  await registerRenderMetrics(ctx);
  const routes = createRoutes({
    collect: ctx.metrics.collect,
    failed: (error) => ctx.log.error(`A scrape could not be answered: ${error instanceof Error ? error.message : String(error)}`),
  });
  const listener = createListener({
    routes,
    fallback: FALLBACK,
    onState: (state) => show(ctx, state),
    log: (level, text) => ctx.log[level](text),
  });
  ctx.onDispose(() => listener.close());
  ctx.preferences.onChange('address', (address) => listener.listen(String(address)));
  await listener.listen(ctx.preferences.get<string>('address'));
}

/** Everything was taken through ctx, which releases it: the listener with its port, the handlers, the metrics. */
export function unregister(): void {}

function show(ctx: AddonContext, { requested, effective, reason, retrying }: ListenerState): void {
  const url = effective && metricsUrl(effective);
  const again = retrying ? ' It is tried again from time to time.' : '';
  ctx.status({
    level: effective === null ? 'error' : reason === null ? 'ok' : 'warning',
    text: effective ? `Serving metrics on ${formatAddress(effective)}${reason === null ? '' : ` instead. ${reason}`}` : `No metrics are served. ${reason ?? ''}`,
    details: [
      { label: 'Requested', value: requested },
      { label: 'Effective', value: effective ? formatAddress(effective) : 'none', ...(url ? { href: url } : {}) },
      ...(reason === null ? [] : [{ label: 'Reason', value: reason + again }]),
    ],
    actions: actionsOf(effective, url, hostname()),
  });
}
