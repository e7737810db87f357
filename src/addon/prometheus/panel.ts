import { hostname } from 'node:os';
import type { AddonStatus } from '../api/context';
import { actionsOf } from './actions';
import { formatAddress, metricsUrl } from './address';
import type { Scrape } from './exporter-state';
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
  let timer: NodeJS.Timeout | null = null;
  let again = false;
  let closed = false;
  const update = (): void => {
    if (state && !closed) show(statusOf(state, scrape, besides()));
  };
  function updateLater(): void {
    if (timer || closed) {
      again = true;
      return;
    }
    update();
    timer = setTimeout(() => {
      timer = null;
      if (again) updateLater();
      again = false;
    }, PAUSE).unref();
  }
  return {
    listener(next) {
      state = next;
      update();
    },
    scraped(last) {
      scrape = last;
      updateLater();
    },
    changed: updateLater,
    close() {
      closed = true;
      if (timer) clearTimeout(timer);
    },
  };
}

function statusOf({ requested, effective, reason, retrying, cause }: ListenerState, scrape: Scrape | null, { webConfig, outputs }: Besides): AddonStatus {
  const secure = typeof webConfig.protection === 'object' && webConfig.protection.tls !== null;
  const url = effective && metricsUrl(effective, secure);
  const troubled = webConfig.error !== null || outputs.some(({ error }) => error !== null);
  const again = retrying ? ' It is tried again from time to time.' : '';
  return {
    level: effective === null ? 'error' : reason === null && !troubled ? 'ok' : 'warning',
    text: effective ? `Serving metrics on ${formatAddress(effective)}${reason === null ? '' : ` instead. ${reason}`}` : `No metrics are served. ${reason ?? ''}`,
    details: [
      { label: 'Requested', value: requested },
      { label: 'Effective', value: effective ? formatAddress(effective) : 'none', ...(url ? { href: url } : {}) },
      ...(reason === null || cause === 'web-config' ? [] : [{ label: 'Reason', value: reason + again }]),
      ...webConfigDetails(webConfig),
      ...outputDetails(outputs),
      ...(scrape ? [{ label: 'Last scrape', value: describeScrape(scrape) }] : []),
    ],
    actions: actionsOf(effective, url, hostname()),
  };
}

function describeScrape({ at, by, seconds }: Scrape): string {
  // Sweden writes dates as ISO 8601 does, and this is the machine's own time zone.
  const when = new Date(at).toLocaleString('sv-SE');
  return `${when} by ${by}, in ${(seconds * 1000).toFixed(seconds < 0.01 ? 1 : 0)} ms`;
}
