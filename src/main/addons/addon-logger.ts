import type { Readable } from 'node:stream';
import type { AddonLogLine } from '../../shared/addons';
import { createRateLimit } from '../../shared/rate-limit';
import { createEscalation, type LimitSteps } from './allowance';

/** Rate limits of one add-on's log: lines and characters per second; the excess is counted. */
const LINES_PER_SECOND = 200;
const CHARACTERS_PER_SECOND = 100_000;
/** This many seconds above them within a minute are too many. */
const MAX_SECONDS = 20;
/** Maximum length of a line, in characters. */
const MAX_LINE = 4_000;
/** Bytes read per second of what a process prints; a process that prints more is blocked. */
const PRINTED_PER_SECOND = 1024 * 1024;
/** Tolerated difference between a line's time and this clock, in milliseconds: the line may have been queued. */
const MAX_TIME_OFFSET = 60_000;

/** An add-on's log output, rate-limited to what the log can take. */
export interface AddonLogger {
  log(line: AddonLogLine): void;
  /** Logs what a process prints, line by line. */
  capture(stream: Readable | null, level: AddonLogLine['level']): void;
  /** Reports lines that were dropped and not yet reported. */
  close(): void;
}

/** @param steps what follows when it logs too much; what was left out is told in any case */
export function createAddonLogger(log: (line: AddonLogLine) => void, steps?: Pick<LimitSteps, 'stop'>): AddonLogger {
  const tooMuch = createEscalation(
    { within: 60_000, times: MAX_SECONDS },
    { tell: () => undefined, stop: () => steps?.stop() },
  );
  const lines = createRateLimit(LINES_PER_SECOND);
  const characters = createRateLimit(CHARACTERS_PER_SECOND);
  let dropped = 0;
  let timer: NodeJS.Timeout | null = null;

  function reportDropped(): void {
    if (timer) clearTimeout(timer);
    timer = null;
    if (dropped > 0) {
      tooMuch();
      log({
        time: Date.now(),
        level: 'warn',
        text: `${dropped} log lines were left out: at most ${LINES_PER_SECOND} of ${CHARACTERS_PER_SECOND / 1000} KB in all are kept in a second.`,
      });
    }
    dropped = 0;
  }

  function drop(count: number): void {
    dropped += count;
    timer ??= setTimeout(reportDropped, 1_000).unref();
  }

  function admit({ time, level, text }: AddonLogLine): void {
    const kept = text.length > MAX_LINE ? `${text.slice(0, MAX_LINE)}…` : text;
    if (!lines.take() || !characters.take(kept.length)) return drop(1);
    const now = Date.now();
    log({ time: Math.abs(time - now) <= MAX_TIME_OFFSET ? time : now, level, text: kept });
  }

  return {
    log: admit,
    capture(stream, level) {
      const printed = createRateLimit(PRINTED_PER_SECOND);
      let line = '';
      let cut = false;
      stream?.setEncoding('utf8').on('data', (text: string) => {
        if (!printed.take(text.length)) {
          // The pipe fills up, and the process that prints blocks.
          stream.pause();
          setTimeout(() => stream.resume(), 1_000).unref();
        }
        const parts = text.split('\n');
        for (const [index, part] of parts.entries()) {
          if (!cut) line += part.slice(0, MAX_LINE + 1 - line.length);
          cut ||= line.length > MAX_LINE;
          if (index === parts.length - 1) break;
          admit({ time: Date.now(), level, text: line.replace(/\r$/, '') });
          line = '';
          cut = false;
        }
      });
      stream?.on('end', () => {
        if (line !== '') admit({ time: Date.now(), level, text: line });
      });
    },
    close: reportDropped,
  };
}
