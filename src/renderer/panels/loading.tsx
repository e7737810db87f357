import { useEffect, useState } from 'react';
import { t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';
import { Button } from '../controls/button';
import iconUrl from '../icon.svg';
import './gate.css';

/** Before the host has answered for the first time. */
export function Loading() {
  const { client } = useApp();
  const connection = useAppState((state) => state.connection);
  const failure = useAppState((state) => state.messages.at(-1)?.text);
  const [late, setLate] = useState(false);
  useEffect(() => {
    // Most starts are too quick for a message to be read.
    const timer = setTimeout(() => setLate(true), 400);
    return () => clearTimeout(timer);
  }, []);
  const lost = connection.kind === 'disconnected';
  if (!lost && !late && failure === undefined) return null;
  return (
    <main className="gate">
      <div className="gate-box">
        <img src={iconUrl} alt="" width="48" height="48" />
        <h1>{lost ? t('The host does not respond') : t('Connecting to the host…')}</h1>
        <p role="status">
          {failure ??
            (lost
              ? t('Is Framegauge still running there? This page keeps trying and reconnects as soon as it is back.')
              : t('One moment.'))}
        </p>
        {lost && (
          <div className="gate-actions">
            <Button onClick={() => client.reconnect()}>{t('Retry Now')}</Button>
          </div>
        )}
      </div>
    </main>
  );
}
