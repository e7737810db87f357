import { hostname } from 'node:os';
import type { AddonStatus } from '../api/context';
import { actionsOf } from './actions';
import { formatAddress, metricsUrl } from './address';
import { atMostEvery } from './at-most-every';
import type { Scrape } from './exporter-state';
import { lastScrapeDetails } from './last-scrape';
import type { ListenerState } from './listener';
import { outputDetails } from './outputs/output-details';
import type { OutputState } from './outputs/output-state';
import { webConfigDetails } from './web-config/web-config-details';
import type { WebConfigState } from './web-config/web-config-watch';

/** Between two updates of the panel that are not about the listener, in milliseconds. */
const PAUSE = 1_000;

/** What there is besides the listener. */
export interface Besides {
  readonly webConfig: WebConfigState;
  readonly outputs: readonly OutputState[];
}

/** The add-on's lines in Preferences. */
export interface Panel {
  /** Shows the listener's state at once. */
  listener(state: ListenerState): void;
  /** Shows the last scrape, at most once a second however many there are. */
  scraped(scrape: Scrape): void;
  /** Shows what is with the outputs and the web config file. */
  changed(): void;
  /** Shows nothing more. */
  close(): void;
}

/** @param besides what there is besides the listener, as it is now */
export function createPanel(show: (status: AddonStatus) => void, besides: () => Besides): Panel {
  let state: ListenerState | null = null;
  let scrape: Scrape | null = null;
  let closed = false;
  const update = (): void => {
    if (state && !closed) show(statusOf(state, scrape, besides()));
  };
  const updateSoon = atMostEvery(PAUSE, update);
  return {
    listener(next) {
      state = next;
      update();
    },
    scraped(last) {
      scrape = last;
      updateSoon();
    },
    changed: updateSoon,
    close() {
      closed = true;
      updateSoon.end();
    },
  };
}

function statusOf(
  { requested, effective, reason, retrying, cause }: ListenerState,
  scrape: Scrape | null,
  { webConfig, outputs }: Besides,
): AddonStatus {
  const secure = typeof webConfig.protection === 'object' && webConfig.protection.tls !== null;
  const url = effective && metricsUrl(effective, secure);
  const troubled = webConfig.error !== null || outputs.some(({ error }) => error !== null);
  const again = retrying ? ' It is tried again from time to time.' : '';
  return {
    level: effective === null ? 'error' : reason === null && !troubled ? 'ok' : 'warning',
    text: effective
      ? `Serving metrics on ${formatAddress(effective)}${reason === null ? '' : ` instead. ${reason}`}`
      : `No metrics are served. ${reason ?? ''}`,
    details: [
      { label: 'Requested', value: requested },
      { label: 'Effective', value: effective ? formatAddress(effective) : 'none', ...(url ? { href: url } : {}) },
      ...(reason === null || cause === 'web-config' ? [] : [{ label: 'Reason', value: reason + again }]),
      ...webConfigDetails(webConfig),
      ...outputDetails(outputs),
      ...lastScrapeDetails(scrape),
    ],
    actions: actionsOf(
      effective && url !== null ? { address: effective, url, user: userOf(webConfig) } : null,
      hostname(),
    ),
  };
}

/** One of those who may scrape; null where everybody may. */
function userOf({ protection }: WebConfigState): string | null {
  return typeof protection === 'object' ? ([...protection.users.keys()][0] ?? null) : null;
}
