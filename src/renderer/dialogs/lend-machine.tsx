import { useEffect, useState, type FormEvent } from 'react';
import type { Lending } from '../../shared/lending';
import { t } from '../../shared/texts/translate';
import { messageOf } from '../../shared/user-error';
import { Button } from '../controls/button';
import { TextField } from '../controls/field';
import { Icon } from '../controls/icon';
import type { LendingClient } from '../host-client';
import { readInvitation } from '../model/invitation-text';
import { stepped } from '../model/typed-value';
import './lend-machine.css';

/** How often the state on screen is read, in milliseconds: the shell sends no event for it. */
const REREAD_MS = 1_000;
const MOST_WORKERS = 64;

/** Lends this machine to the manager of a farm, and takes it back. */
export function LendMachine({ client }: { client: LendingClient }) {
  const [lending, setLending] = useState<Lending | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const ask = async (question: () => Promise<Lending>): Promise<void> => {
    try {
      setLending(await question());
      setProblem(null);
    } catch (error) {
      setProblem(messageOf(error));
    }
  };
  useEffect(() => {
    let live = true;
    const read = (): void =>
      void client.state().then(
        (state) => live && setLending(state),
        (error: unknown) => live && setProblem(messageOf(error)),
      );
    read();
    const timer = setInterval(read, REREAD_MS);
    return () => {
      live = false;
      clearInterval(timer);
    };
  }, [client]);
  if (lending === null) return problem === null ? null : <p className="lend-failed">{problem}</p>;
  return (
    <section className="lend" aria-labelledby="lend-title">
      <h3 id="lend-title">{t('Lend this machine')}</h3>
      <div role="status">
        {problem !== null && <p className="lend-failed">{problem}</p>}
        <StateWords lending={lending} />
      </div>
      {lending.state === 'lent' ? (
        <div className="lend-buttons">
          <Button changes onClick={() => void ask(() => client.leave())}>
            {t('Leave the Farm')}
          </Button>
        </div>
      ) : (
        <JoinForm
          workers={lending.workers}
          joining={lending.state === 'joining'}
          onJoin={(request) => {
            setLending({ ...lending, state: 'joining', text: null });
            void ask(() => client.join(request));
          }}
        />
      )}
    </section>
  );
}

function StateWords({ lending: { state, name, url, text, workers, delivered } }: { lending: Lending }) {
  if (state === 'off')
    return (
      <p className="dim">
        {t(
          'Renders frames for the manager of a farm, beside your own jobs. On the manager, “framegauge machines invite” or Machines → Add Machine shows a command: paste it here.',
        )}
      </p>
    );
  if (state === 'joining') return <p className="dim">{t('Joining…')}</p>;
  if (state === 'failed')
    return (
      <p className="lend-state lend-failed selectable">
        <Icon name="error" />
        {text}
      </p>
    );
  return (
    <>
      <p className="lend-state selectable">
        <Icon name="check" />
        {t('“{name}” lends {workers, plural, one {# worker} other {# workers}} to {url}.', {
          name: name ?? '',
          workers,
          url: url ?? '',
        })}
      </p>
      <p className="dim selectable">
        {text} {t('{delivered, plural, one {# frame} other {# frames}} delivered.', { delivered })}
      </p>
    </>
  );
}

interface JoinFormProps {
  readonly workers: number;
  readonly joining: boolean;
  onJoin(request: { readonly url: string; readonly token: string; readonly workers: number }): void;
}

function JoinForm({ workers: usual, joining, onJoin }: JoinFormProps) {
  const [url, setUrl] = useState('');
  const [token, setToken] = useState('');
  const [workers, setWorkers] = useState(String(usual));
  const count = Number(workers);
  const counts = Number.isInteger(count) && count >= 1 && count <= MOST_WORKERS;
  /** The whole command may be pasted into either field. */
  const take = (set: (text: string) => void) => (text: string) => {
    const invitation = readInvitation(text);
    if (!invitation) return set(text);
    setUrl(invitation.url);
    setToken(invitation.token);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (counts && url.trim() !== '' && token.trim() !== '' && !joining)
      onJoin({ url: url.trim(), token: token.trim(), workers: count });
  };
  return (
    <form className="preferences-form" onSubmit={submit}>
      <TextField
        label={t('Manager’s address')}
        value={url}
        placeholder="https://manager:8790"
        onChange={take(setUrl)}
      />
      <TextField
        label={t('Token')}
        value={token}
        hint={t('For one machine, within an hour.')}
        onChange={take(setToken)}
      />
      <TextField
        label={t('Workers')}
        value={workers}
        numeric
        step={(text, by) => stepped(text, by, 1)}
        error={counts ? undefined : t('Workers are a whole number from 1 to {most}.', { most: String(MOST_WORKERS) })}
        onChange={setWorkers}
      />
      <div className="lend-buttons">
        <Button
          type="submit"
          kind="primary"
          changes
          disabled={joining || !counts || url.trim() === '' || token.trim() === ''}
        >
          {t('Lend This Machine')}
        </Button>
      </div>
    </form>
  );
}
