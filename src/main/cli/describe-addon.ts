import type { Addon } from '../../shared/addons';

/** One line on an add-on: its state, and what it says itself. */
export function describeAddon(addon: Addon): string {
  const state = addon.state === 'failed' ? `failed: ${addon.reason ?? 'no reason was given'}` : addon.state;
  return `${addon.manifest.name} ${addon.manifest.version}: ${state}${addon.status ? ` — ${addon.status.text}` : ''}`;
}
