import { isIPv6 } from 'node:net';
import type { AddonAction } from '../api/context';
import { type Address, formatAddress } from './address';

/** Where the metrics are served, and the credentials that a scrape needs. */
export interface Served {
  readonly address: Address;
  /** URL of the metrics for a browser on this machine. */
  readonly url: string;
  /** A user who may scrape; null where no authentication is needed. */
  readonly user: string | null;
  /** Whether a scrape has to show a certificate. */
  readonly clientCertificate: boolean;
}

/**
 * The actions that the panel offers.
 *
 * @param served null while no metrics are served
 * @param hostName of this machine
 */
export function actionsOf(served: Served | null, hostName: string): AddonAction[] {
  const kit: AddonAction = { type: 'save-monitoring-kit', label: 'Save monitoring kit…' };
  return served
    ? [
        { type: 'open', label: 'Open metrics', href: served.url },
        { type: 'copy', label: 'Copy scrape config', ...scrapeConfig(served, hostName) },
        kit,
      ]
    : [kit];
}

/**
 * A prometheus.yml section that scrapes these metrics, with notes on what to change
 * (https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config).
 */
export function scrapeConfig(
  { address, url, user, clientCertificate }: Served,
  hostName: string,
): { text: string; note?: string } {
  const everywhere = address.host === '0.0.0.0' || address.host === '::';
  const name = everywhere ? hostName || 'localhost' : address.host.replace(/%.*$/, '');
  const target = formatAddress({ host: name, port: address.port });
  const secure = new URL(url).protocol === 'https:';
  const text = [
    'scrape_configs:',
    '  - job_name: framegauge',
    '    scrape_interval: 5s',
    '    scrape_timeout: 4s',
    ...(secure ? ['    scheme: https'] : []),
    ...(clientCertificate ? ['    tls_config:', '      cert_file: client.crt', '      key_file: client.key'] : []),
    // JSON strings are valid YAML.
    ...(user === null
      ? []
      : ['    basic_auth:', `      username: ${JSON.stringify(user)}`, '      password: "PASSWORD"']),
    '    static_configs:',
    `      - targets: ['${target}']`,
    '',
  ].join('\n');
  const notes: string[] = [];
  if (everywhere && name !== 'localhost')
    notes.push(
      `${address.host} means every address of this machine, so the config goes by its name, ${name}. If Prometheus does not find it by that, put in an address of this machine.`,
    );
  else if (everywhere) notes.push('Where Prometheus runs on another machine, put in this one’s name for localhost.');
  else if (isLoopback(address.host))
    notes.push(`${name} can be reached from this machine only: serve on 0.0.0.0 where Prometheus runs on another one.`);
  if (secure) notes.push('Where Prometheus does not know who signed the certificate, name its CA in tls_config.');
  if (clientCertificate)
    notes.push(
      'Name the files of a certificate that this server accepts and of its key; those given are beside prometheus.yml.',
    );
  if (user !== null) notes.push('Put in the password.');
  return notes.length > 0 ? { text, note: notes.join(' ') } : { text };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.startsWith('127.') || (isIPv6(host) && /^(?:0*:)*0*1$/.test(host));
}
