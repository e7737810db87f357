import type { HostInfo, StartMode } from '../../shared/host-info';
import { SAFE_MODE } from '../addons/addon-runner';

/** What a person is told about safe mode, and the mode in which starting again is offered. */
interface SafeModeNotice {
  readonly text: string;
  readonly restart: StartMode;
}

/**
 * Offers safe mode where hosts keep ending early, and the way out of it. Only a desktop's window can start its host
 * again; whoever runs a service is told how.
 *
 * @param early hosts in a row that ended early; null where that is no matter
 */
export function safeModeNotice(
  shell: HostInfo['shell'],
  safeMode: boolean,
  early: number | null,
): SafeModeNotice | null {
  const desktop = shell === 'desktop';
  if (safeMode) {
    const way = desktop ? '' : ' End it and start it without --safe-mode to run all add-ons again.';
    return { text: `${SAFE_MODE}${way}`, restart: 'normal' };
  }
  if (early === null) return null;
  const how = desktop
    ? 'start it in safe mode (--safe-mode)'
    : 'end it and start it with --safe-mode, as in “framegauge serve --safe-mode”';
  return {
    text: `Framegauge ended within a minute of its start ${early} times in a row. If an add-on is the cause, ${how}: that leaves out every add-on that did not come with it. Disable the one, then start normally.`,
    restart: 'safe',
  };
}
