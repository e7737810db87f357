import { format } from 'node:util';
import type { AddonLogLine } from '../../shared/addons';
import { createRateLimit } from '../../shared/rate-limit';

/**
 * Lines beyond this many per second are counted, not sent: a loop that logs must not keep the host busy. More than the
 * host takes, so that it sees who goes on.
 */
const LINES_PER_SECOND = 250;
const MAX_LENGTH = 4_000;

/** Values other than strings are formatted as console.log formats them. */
export type AddonLog = (level: AddonLogLine['level'], text: unknown) => void;

/** Creates the function that sends log lines to the host. */
export function createAddonLog(send: (line: AddonLogLine) => void): AddonLog {
  const lines = createRateLimit(LINES_PER_SECOND);
  let dropped = 0;
  return (level, logged) => {
    const text = typeof logged === 'string' ? logged : format(logged);
    const time = Date.now();
    if (!lines.take()) {
      dropped++;
      return;
    }
    if (dropped > 0)
      send({
        time,
        level: 'warn',
        text: `${dropped} log lines were left out: more than ${LINES_PER_SECOND} in a second.`,
      });
    dropped = 0;
    send({ time, level, text: text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text });
  };
}

/** Redirects the add-on's console.* output to its log. */
export function captureConsole(log: AddonLog): void {
  const levels = { log: 'info', info: 'info', debug: 'debug', trace: 'debug', warn: 'warn', error: 'error' } as const;
  for (const [method, level] of Object.entries(levels) as [keyof typeof levels, AddonLogLine['level']][]) {
    console[method] = (...values: unknown[]) => log(level, format(...values));
  }
}
