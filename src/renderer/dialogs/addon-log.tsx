import { useEffect, useState } from 'react';
import type { AddonLogLine } from '../../shared/addons';
import { messageOf } from '../../shared/user-error';
import { t } from '../../shared/texts/translate';
import { useApp } from '../app-context';
import { formatTimeWithDay } from '../model/format';
import { useToday } from '../panels/use-today';

/** How often a log on screen is polled, in milliseconds: the host sends no event for a line. */
const REREAD_MS = 1_000;

/** The add-on's log, newest line first. It is polled while it is on screen. */
export function AddonLog({ id, name }: { id: string; name: string }) {
  const { client } = useApp();
  const today = useToday();
  const [lines, setLines] = useState<readonly AddonLogLine[]>([]);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    let live = true;
    const read = async (): Promise<void> => {
      try {
        const next = await client.call('addon.log', { id });
        if (!live) return;
        setLines(next);
        setError(null);
      } catch (failure) {
        if (live) setError(messageOf(failure));
      }
    };
    void read();
    const timer = setInterval(() => void read(), REREAD_MS);
    return () => {
      live = false;
      clearInterval(timer);
    };
  }, [client, id]);
  return (
    <section aria-label={t('Log of {name}', { name })}>
      <h3>{t('Log')}</h3>
      {error !== null && <p className="addon-reason">{error}</p>}
      {lines.length === 0 ? (
        <p className="dim">{t('Empty.')}</p>
      ) : (
        <div
          className="addon-log scroll selectable"
          tabIndex={0}
          role="log"
          aria-label={t('Log lines of {name}', { name })}
          aria-live="off"
        >
          {lines.toReversed().map((line, index) => (
            <p key={lines.length - index} className={`addon-log-${line.level}`}>
              <time>{formatTimeWithDay(line.time, today)}</time> <span className="addon-log-level">{line.level}</span>{' '}
              {line.text}
            </p>
          ))}
        </div>
      )}
    </section>
  );
}
