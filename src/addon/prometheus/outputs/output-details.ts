import type { AddonStatus } from '../../api/context';
import type { OutputName, OutputState } from './output-state';

const LABELS: Readonly<Record<OutputName, string>> = {
  textfile: 'Text file',
  pushgateway: 'Pushgateway',
  graphite: 'Graphite',
};

/** One panel line per output that is switched on. */
export function outputDetails(states: readonly OutputState[]): AddonStatus['details'] {
  return states.map(({ output, target, errors, lastSuccess, error }) => ({
    label: LABELS[output],
    value: [
      error ?? `Works: ${target}.`,
      lastSuccess === null
        ? error === null
          ? 'Nothing was handed over yet.'
          : 'It has not worked yet.'
        : `Last worked ${clock(lastSuccess)}.`,
      ...(errors > 0 ? [`${errors} ${errors === 1 ? 'error' : 'errors'}.`] : []),
    ].join(' '),
  }));
}

/** Local date and time, as `2026-11-21 14:03:07`. */
function clock(time: number): string {
  const date = new Date(time - new Date(time).getTimezoneOffset() * 60_000);
  return date.toISOString().slice(0, 19).replace('T', ' ');
}
