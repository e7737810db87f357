import type { AddonManifest, AddonPermissions } from '../../shared/addons';
import { widened } from './consent';

/** What decides whether an enabled add-on is started with the host. */
export interface StartCandidate {
  readonly manifest: AddonManifest;
  readonly bundled: boolean;
  /** The permissions that a person agreed to by enabling it; null where that was not stored. */
  readonly consented: AddonPermissions | null;
  /** Why it was put into quarantine; null where it was not. */
  readonly quarantine: string | null;
}

/** Why an enabled add-on must not be started until a person enables it again, as a sentence; null where it may be. */
export function startRefusal({ manifest, bundled, consented, quarantine }: StartCandidate): string | null {
  if (quarantine !== null) return quarantine;
  // What comes with the program changes with it.
  if (bundled || consented === null) return null;
  const asks = widened({ permissions: consented }, manifest);
  if (asks.length === 0) return null;
  const list = asks.map(({ permission, reason }) => `${permission} (“${reason}”)`).join(', ');
  return `It asks for more than you agreed to when you enabled it: ${list}. It was not started; enable it to agree.`;
}
