import type { AddonStatus } from '../api/context';
import type { Scrape } from './exporter-state';

/** The panel's line about the last scrape: when, by whom, how long. None before the first scrape. */
export function lastScrapeDetails(scrape: Scrape | null): AddonStatus['details'] {
  if (!scrape) return [];
  const { at, by, seconds } = scrape;
  // The Swedish locale writes dates as ISO 8601 does, here in the machine's own time zone.
  const when = new Date(at).toLocaleString('sv-SE');
  return [
    { label: 'Last scrape', value: `${when} by ${by}, in ${(seconds * 1000).toFixed(seconds < 0.01 ? 1 : 0)} ms` },
  ];
}
