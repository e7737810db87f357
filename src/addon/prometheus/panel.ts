import { hostname } from 'node:os';
import type { AddonStatus } from '../api/context';
import { actionsOf } from './actions';
import { formatAddress, metricsUrl } from './address';
import type { Scrape } from './exporter-state';
import { widenedSentence } from './exposure';
import { lastScrapeDetails } from './last-scrape';
import type { ListenerState } from './listener';
import { outputDetails } from './outputs/output-details';
import type { OutputState } from './outputs/output-state';
import { isGuarded } from './web-config/is-guarded';
import { webConfigDetails } from './web-config/web-config-details';
import type { WebConfigState } from './web-config/web-config-watch';

/** From a scrape to the update that shows it, in milliseconds: an update costs more than a scrape. */
const SCRAPE_DELAY = 500;

/** State shown besides the listener's. */
export interface Besides {
  readonly webConfig: WebConfigState;
  readonly outputs: readonly OutputState[];
}

/** The add-on's lines in Preferences. */
export interface Panel {
  /** Shows the listener's state. */
  listener(state: ListenerState): void;
  /** Shows the last scrape before long, however many there are. */
  scraped(scrape: Scrape): void;
  /** Shows the outputs and the web config file anew. */
  changed(): void;
  /** Stops all updates. */
  close(): void;
}

/** @param besides returns the current state of everything besides the listener */
export function createPanel(show: (status: AddonStatus) => void, besides: () => Besides): Panel {
  let state: ListenerState | null = null;
  let scrape: Scrape | null = null;
  let closed = false;
  let soon: NodeJS.Timeout | null = null;
  const update = (): void => {
    if (soon) clearTimeout(soon);
    soon = null;
    if (state && !closed) show(statusOf(state, scrape, besides()));
  };
  return {
    listener(next) {
      state = next;
      update();
    },
    scraped(last) {
      scrape = last;
      soon ??= setTimeout(update, SCRAPE_DELAY).unref();
    },
    changed: update,
    close() {
      closed = true;
      if (soon) clearTimeout(soon);
    },
  };
}

function statusOf(
  { requested, effective, reason, retrying, cause, widened }: ListenerState,
  scrape: Scrape | null,
  { webConfig, outputs }: Besides,
): AddonStatus {
  const secure = typeof webConfig.protection === 'object' && webConfig.protection.tls !== null;
  const url = effective && metricsUrl(effective, secure);
  const exposed = widened ? widenedSentence(isGuarded(webConfig)) : null;
  const troubles = [webConfig.error === reason ? null : webConfig.error, ...outputs.map(({ error }) => error)].filter(
    (error) => error !== null,
  );
  const served = effective
    ? `Serving metrics on ${formatAddress(effective)}${reason === null ? (troubles.length > 0 ? '.' : '') : ` instead. ${reason}`}`
    : `No metrics are served. ${reason ?? ''}`;
  const again = retrying ? ' It is tried again from time to time.' : '';
  return {
    level: effective === null ? 'error' : reason === null && troubles.length === 0 ? 'ok' : 'warning',
    // The only line that the add-on list shows: it contains every problem, and first of all an unintended exposure of
    // the metrics.
    text: [exposed === null ? null : exposed.replace('them', 'the metrics'), served, ...troubles]
      .filter((part) => part !== null)
      .join(' '),
    details: [
      { label: 'Requested', value: requested },
      { label: 'Effective', value: effective ? formatAddress(effective) : 'none', ...(url ? { href: url } : {}) },
      ...(exposed === null ? [] : [{ label: 'Reachable', value: exposed }]),
      ...(reason === null || cause === 'web-config' ? [] : [{ label: 'Reason', value: reason + again }]),
      ...webConfigDetails(webConfig),
      ...outputDetails(outputs),
      ...lastScrapeDetails(scrape),
    ],
    actions: actionsOf(
      effective && url !== null
        ? { address: effective, url, user: userOf(webConfig), clientCertificate: asksForCertificate(webConfig) }
        : null,
      hostname(),
    ),
  };
}

function asksForCertificate({ protection }: WebConfigState): boolean {
  const clientAuth = typeof protection === 'object' ? protection.tls?.clientAuth : undefined;
  return clientAuth === 'RequireAnyClientCert' || clientAuth === 'RequireAndVerifyClientCert';
}

/** A user who may scrape; null where no authentication is needed. */
function userOf({ protection }: WebConfigState): string | null {
  return typeof protection === 'object' ? ([...protection.users.keys()][0] ?? null) : null;
}
