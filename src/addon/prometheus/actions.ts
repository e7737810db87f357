import { isIPv6 } from 'node:net';
import type { AddonAction } from '../api/context';
import { type Address, formatAddress } from './address';

/**
 * What the panel offers.
 *
 * @param effective where the metrics are served; null while they aren't
 * @param url of the metrics as a browser on this machine reaches them
 * @param hostName of this machine
 */
export function actionsOf(effective: Address | null, url: string | null, hostName: string): AddonAction[] {
  const kit: AddonAction = { type: 'save-monitoring-kit', label: 'Save monitoring kit…' };
  if (!effective || url === null) return [kit];
  return [{ type: 'open', label: 'Open metrics', href: url }, { type: 'copy', label: 'Copy scrape config', ...scrapeConfig(effective, new URL(url).protocol === 'https:', hostName) }, kit];
}

/**
 * The part of a prometheus.yml that scrapes these metrics, and a sentence about the target where it needs one
 * (https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config).
 */
export function scrapeConfig(effective: Address, secure: boolean, hostName: string): { text: string; note?: string } {
  const everywhere = effective.host === '0.0.0.0' || effective.host === '::';
  const name = everywhere ? hostName || 'localhost' : effective.host.replace(/%.*$/, '');
  const target = formatAddress({ host: name, port: effective.port });
  const text = [
    'scrape_configs:',
    '  - job_name: framegauge',
    '    scrape_interval: 5s',
    '    scrape_timeout: 4s',
    ...(secure ? ['    scheme: https'] : []),
    '    static_configs:',
    `      - targets: ['${target}']`,
    '',
  ].join('\n');
  if (everywhere && name !== 'localhost') return { text, note: `${effective.host} means every address of this machine, so the config goes by its name, ${name}. If Prometheus does not find it by that, put in an address of this machine.` };
  if (everywhere || isLoopback(effective.host)) return { text, note: `${target} is this machine only for itself. Where Prometheus runs on another one, put in this machine’s name${everywhere ? '' : ', and serve on 0.0.0.0 instead'}.` };
  return { text };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.startsWith('127.') || (isIPv6(host) && /^(?:0*:)*0*1$/.test(host));
}
