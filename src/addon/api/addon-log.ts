import { format } from 'node:util';
import type { AddonLogLine } from '../../shared/addons';

/** Lines beyond this many in one second are counted instead of sent: a loop that logs must not keep the host busy. */
const LINES_PER_SECOND = 200;
const MAX_LENGTH = 4_000;

/** Anything but text is written out as console.log does. */
export type AddonLog = (level: AddonLogLine['level'], text: unknown) => void;

/** Makes the function that sends log lines to the host. */
export function createAddonLog(send: (line: AddonLogLine) => void): AddonLog {
  let second = 0;
  let lines = 0;
  let dropped = 0;
  return (level, logged) => {
    const text = typeof logged === 'string' ? logged : format(logged);
    const time = Date.now();
    const now = Math.floor(time / 1000);
    if (now !== second) {
      if (dropped > 0)
        send({
          time,
          level: 'warn',
          text: `${dropped} log lines were left out: more than ${LINES_PER_SECOND} in a second.`,
        });
      second = now;
      lines = 0;
      dropped = 0;
    }
    if (++lines > LINES_PER_SECOND) dropped++;
    else send({ time, level, text: text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text });
  };
}

/** Sends what the add-on prints with console.* to its log. */
export function captureConsole(log: AddonLog): void {
  const levels = { log: 'info', info: 'info', debug: 'debug', trace: 'debug', warn: 'warn', error: 'error' } as const;
  for (const [method, level] of Object.entries(levels) as [keyof typeof levels, AddonLogLine['level']][]) {
    console[method] = (...values: unknown[]) => log(level, format(...values));
  }
}
