import type { PreferenceValues } from '../../shared/addons';
import { unbracketed } from '../../shared/host-names';
import { listOf } from '../../shared/machine-limits';
import { type Root, readRoots } from '../../shared/root-paths';
import type { CertificateFiles } from './served-certificate';

/** The preferences of a farm, read. */
export interface FarmPreferences {
  /** Start a Redis or Valkey server of our own. */
  readonly start: boolean;
  /** Address of another one; empty for none. May contain a password. */
  readonly redis: string;
  readonly listen: { readonly host: string; readonly port: number };
  /** What machines are shown in place of the manager's own certificate; null for that. */
  readonly certificate: CertificateFiles | null;
  /** Folders that machines see, too; none where the text is wrong. */
  readonly roots: readonly Root[];
  /** Whether frames are rendered on this machine, too. */
  readonly renderHere: boolean;
  /** What this machine has, as a job may need it. */
  readonly tags: readonly string[];
}

export function farmPreferences(preferences: PreferenceValues): FarmPreferences {
  const listen = String(preferences['farm.listen']);
  const roots = readRoots(String(preferences['farm.roots']));
  const certificate = String(preferences['farm.certificate']).trim();
  const key = String(preferences['farm.key']).trim();
  const at = listen.lastIndexOf(':');
  return {
    start: preferences['farm.start'] === true,
    redis: String(preferences['farm.redis']).trim(),
    listen: { host: unbracketed(listen.slice(0, at)), port: Number(listen.slice(at + 1)) },
    certificate: certificate === '' ? null : { certificate, key: key || certificate },
    roots: typeof roots === 'string' ? [] : roots,
    renderHere: preferences['farm.renderHere'] === true,
    tags: listOf(String(preferences['farm.tags'])),
  };
}

/** Whether this host manages a farm. */
export function isFarmOn({ start, redis }: Pick<FarmPreferences, 'start' | 'redis'>): boolean {
  return start || redis !== '';
}
