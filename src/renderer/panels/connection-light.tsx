import { useEffect, useState } from 'react';
import { t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';

/** Whether the host can be reached; in the desktop shell it always can, so nothing is shown. */
export function ConnectionLight() {
  const { client } = useApp();
  const connection = useAppState((state) => state.connection);
  if (client.shell === 'desktop') return null;
  const [word, level] =
    connection.kind === 'connected'
      ? [t('Connected'), 'ok']
      : connection.kind === 'connecting'
        ? [t('Connecting…'), 'wait']
        : [t('Disconnected'), 'bad'];
  return (
    <span className={`status-item connection connection-${level}`} role="status">
      <span className="connection-dot" aria-hidden="true" />
      {word}
    </span>
  );
}

/** Says that what is shown may be out of date, and when the next attempt comes. */
export function DisconnectedBanner() {
  const { client } = useApp();
  const connection = useAppState((state) => state.connection);
  const retryAt = connection.kind === 'disconnected' ? connection.retryAt : null;
  if (retryAt === null) return null;
  return (
    <div className="disconnected" role="alert">
      <p>
        <strong>{t('Disconnected.')}</strong> {t('The host does not respond; what you see may be out of date.')}
      </p>
      <Countdown key={retryAt} to={retryAt} />
      <button type="button" className="button button-plain" onClick={() => client.reconnect()}>
        {t('Retry Now')}
      </button>
    </div>
  );
}

function Countdown({ to }: { to: number }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.ceil((to - now) / 1_000);
  return <span aria-hidden="true">{seconds > 0 ? t('Retrying in {seconds} s', { seconds }) : t('Reconnecting…')}</span>;
}
