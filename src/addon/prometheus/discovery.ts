import type { IncomingMessage } from 'node:http';
import type { AppSnapshot } from '../api/context';
import { formatAddress } from './address';

/** A machine of the farm as far as it is listed. */
export type ListedMachine = Pick<NonNullable<AppSnapshot['farm']>['machines'][number], 'name' | 'metrics'>;

/**
 * This server in Prometheus's HTTP service discovery format (https://prometheus.io/docs/prometheus/latest/http_sd/),
 * under the host name of the request: a client that reaches this document also reaches the metrics. Then the machines of
 * the farm that serve metrics, those included that are cut off: that a target is down is to be seen.
 */
export function discoveryDocument(request: IncomingMessage, machines: readonly ListedMachine[] = []): unknown {
  const { localAddress = '127.0.0.1', localPort } = request.socket;
  const asked = /^([a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/i.exec(request.headers.host ?? '');
  const encrypted = 'encrypted' in request.socket;
  const target = asked
    ? `${asked[1]}${asked[2] ?? (encrypted ? ':443' : ':80')}`
    : formatAddress({ host: localAddress.replace(/^::ffff:(?=\d+\.)/, ''), port: localPort ?? 0 });
  return [
    { targets: [target], labels: { __metrics_path__: '/metrics', ...(encrypted ? { __scheme__: 'https' } : {}) } },
    ...machines.flatMap(({ name, metrics }) =>
      // A machine serves plain HTTP, whatever the manager does.
      metrics === null
        ? []
        : [{ targets: [metrics], labels: { __metrics_path__: '/metrics', __scheme__: 'http', machine: name } }],
    ),
  ];
}
