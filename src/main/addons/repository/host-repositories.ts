import { readRepositories } from '../../../shared/addon-repositories';
import type { Preferences } from '../../preferences/preferences';
import { VERSION } from '../../version';
import type { AddonManager } from '../addon-manager';
import { createRepositories, type Repositories } from './repositories';

/** Pause between two readings for their block lists, in milliseconds. */
const DAY = 24 * 3_600_000;

/**
 * The repositories of a host's preferences; what they block is disabled in its manager. They are read at once and then
 * daily, unless the host is passive, so that blocks hold though nobody looks at the repositories.
 */
export function createHostRepositories({
  preferences,
  addons,
  userFolder,
  passive,
}: {
  readonly preferences: Pick<Preferences, 'host'>;
  readonly addons: Pick<AddonManager, 'list' | 'block'>;
  readonly userFolder: string;
  readonly passive: boolean;
}): Repositories & { close(): void } {
  const repositories = createRepositories({
    addresses: () => readRepositories(String(preferences.host()['repositories.addresses'])),
    onlineAccess: () => preferences.host()['repositories.onlineAccess'] === true,
    hostVersion: VERSION,
    userFolder,
    installed: (id) => addons.list().find(({ manifest }) => manifest.id === id)?.manifest.version ?? null,
    onBlocks: addons.block,
  });
  if (passive) return { ...repositories, close: () => undefined };
  const read = (): void => void repositories.catalogue().catch(() => undefined);
  read();
  const timer = setInterval(read, DAY);
  timer.unref();
  return { ...repositories, close: () => clearInterval(timer) };
}
