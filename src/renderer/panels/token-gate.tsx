import { useState, type FormEvent } from 'react';
import { t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';
import { tokenFromPaste } from '../transport/access-token';
import iconUrl from '../icon.svg';
import './gate.css';

/** Without the right token nothing can be seen or done: says where to find it, and takes it. */
export function TokenGate() {
  const { client } = useApp();
  const refused = useAppState((state) => state.connection.kind === 'unauthorized' && state.connection.hadToken);
  const [text, setText] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const token = tokenFromPaste(text);
    if (token !== '') client.authorize(token);
  };
  return (
    <main className="gate">
      <form className="gate-box" onSubmit={submit}>
        <img src={iconUrl} alt="" width="48" height="48" />
        <h1>{refused ? t('The host does not accept this token') : t('This page needs the host’s token')}</h1>
        <p>
          {t('Framegauge printed it when it started, at the end of the address of this page:')}
          <code className="gate-line">{window.location.origin}/#token=…</code>
          {t('Open that address, or paste the line here.')}
          {refused && ` ${t('The host may have a new one after a restart.')}`}
        </p>
        <div className="gate-actions">
          <input
            className="input"
            aria-label={t('Token, or the whole address')}
            placeholder={t('Token, or the whole address')}
            value={text}
            spellCheck={false}
            autoComplete="off"
            autoFocus
            onChange={(event) => setText(event.target.value)}
          />
          <button type="submit" className="button button-primary" disabled={text.trim() === ''}>
            {t('Connect')}
          </button>
        </div>
      </form>
    </main>
  );
}
