import type { WebConfigState } from './web-config-watch';

/** Whether reading the metrics takes a password or a verified client certificate. */
export function isGuarded({ protection }: WebConfigState): boolean {
  if (typeof protection === 'string') return protection === 'closed';
  return protection.users.size > 0 || protection.tls?.clientAuth === 'RequireAndVerifyClientCert';
}
