import type { AddonStatus } from '../../api/context';
import type { WebConfigState } from './web-config-watch';

/** The panel's line about the web config file, if one is configured. */
export function webConfigDetails({ path, protection, error }: WebConfigState): AddonStatus['details'] {
  if (path === '') return [];
  if (typeof protection === 'string') return [{ label: 'Web config', value: error ?? path }];
  const { tls, users } = protection;
  const kept = [
    tls === null ? 'no TLS' : 'TLS',
    users.size === 0 ? 'no users' : users.size === 1 ? '1 user' : `${users.size} users`,
  ].join(', ');
  return [
    {
      label: 'Web config',
      value: error === null ? `In force (${kept}): ${path}` : `${error} What was in force before still is (${kept}).`,
    },
  ];
}
