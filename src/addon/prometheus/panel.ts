import type { AddonStatus } from '../api/context';
import { formatAddress, metricsUrl } from './address';
import type { Scrape } from './exporter-state';
import type { ListenerState } from './listener';

/** Between two updates of the panel that are not about the listener, in milliseconds. */
const PAUSE = 1_000;

/** The add-on's lines in Preferences. */
export interface Panel {
  /** Shows the listener's state at once. */
  listener(state: ListenerState): void;
  /** Shows the last scrape, at most once a second however many there are. */
  scraped(scrape: Scrape): void;
  /** Shows nothing more. */
  close(): void;
}

export function createPanel(show: (status: AddonStatus) => void): Panel {
  let state: ListenerState | null = null;
  let scrape: Scrape | null = null;
  let timer: NodeJS.Timeout | null = null;
  let again = false;
  let closed = false;
  const update = (): void => {
    if (state && !closed) show(statusOf(state, scrape));
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
    close() {
      closed = true;
      if (timer) clearTimeout(timer);
    },
  };
}

function statusOf({ requested, effective, reason, retrying }: ListenerState, scrape: Scrape | null): AddonStatus {
  const url = effective && metricsUrl(effective);
  const again = retrying ? ' It is tried again from time to time.' : '';
  return {
    level: effective === null ? 'error' : reason === null ? 'ok' : 'warning',
    text: effective ? `Serving metrics on ${formatAddress(effective)}${reason === null ? '' : ` instead. ${reason}`}` : `No metrics are served. ${reason ?? ''}`,
    details: [
      { label: 'Requested', value: requested },
      { label: 'Effective', value: effective ? formatAddress(effective) : 'none', ...(url ? { href: url } : {}) },
      ...(reason === null ? [] : [{ label: 'Reason', value: reason + again }]),
      ...(scrape ? [{ label: 'Last scrape', value: describeScrape(scrape) }] : []),
    ],
  };
}

function describeScrape({ at, by, seconds }: Scrape): string {
  // Sweden writes dates as ISO 8601 does, and this is the machine's own time zone.
  const when = new Date(at).toLocaleString('sv-SE');
  return `${when} by ${by}, in ${(seconds * 1000).toFixed(seconds < 0.01 ? 1 : 0)} ms`;
}
