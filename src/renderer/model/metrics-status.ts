import type { Addon } from '../../shared/addons';
import { msg, t } from '../../shared/texts/translate';

export type MetricsStatus =
  | {
      readonly kind: 'address';
      readonly level: 'ok' | 'warning';
      readonly address: string;
      readonly href: string | undefined;
      readonly text: string;
    }
  | { readonly kind: 'none'; readonly level: 'ok' | 'error'; readonly label: string; readonly text: string };

/** The status detail by which an add-on says where it really listens. */
const EFFECTIVE = 'Effective';

const UNDER_WAY = {
  running: msg('Metrics on'),
  starting: msg('Metrics starting'),
  stopping: msg('Metrics stopping'),
};

/** Where the metrics can be scraped, for the status bar; null where there is no Prometheus add-on at all. */
export function metricsStatus(addons: readonly Addon[]): MetricsStatus | null {
  const addon = addons.find((one) => one.manifest.id === 'prometheus');
  if (!addon) return null;
  if (addon.state === 'failed')
    return {
      kind: 'none',
      level: 'error',
      label: t('Metrics failed'),
      text: addon.reason ?? t('The Prometheus add-on failed.'),
    };
  if (addon.state === 'off')
    return {
      kind: 'none',
      level: 'ok',
      label: t('Metrics off'),
      text: t('Enable the Prometheus add-on in Preferences to serve metrics.'),
    };
  const detail = addon.status?.details.find((one) => one.label === EFFECTIVE);
  if (addon.state !== 'running' || !addon.status || !detail)
    return {
      kind: 'none',
      level: 'ok',
      label: t(UNDER_WAY[addon.state]),
      text: addon.status?.text ?? '',
    };
  if (addon.status.level === 'error')
    return { kind: 'none', level: 'error', label: t('Metrics not served'), text: addon.status.text };
  return {
    kind: 'address',
    level: addon.status.level,
    address: detail.value,
    href: detail.href,
    text: addon.status.text,
  };
}
