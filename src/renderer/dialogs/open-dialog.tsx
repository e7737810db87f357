import { useEffect, useRef, useState, type FormEvent, type KeyboardEvent } from 'react';
import type { OperationOutput } from '../../shared/host-api';
import { messageOf } from '../../shared/user-error';
import { t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';
import { Button } from '../controls/button';
import { Dialog } from '../controls/dialog';
import { FieldError } from '../controls/field-error';
import { Icon } from '../controls/icon';
import { formatBytes } from '../model/format';
import './open-dialog.css';

type Listing = OperationOutput<'files.list'>;

/** Chooses a scene on the host's machine, which need not be the one that this page is seen on. */
export function OpenDialog() {
  const { actions, client } = useApp();
  const [listing, setListing] = useState<Listing | null>(null);
  const [path, setPath] = useState('');
  const [error, setError] = useState<string | null>(null);
  const busy = useAppState((state) => state.busy);
  const list = useRef<HTMLUListElement>(null);
  const asked = useRef(0);
  /** A folder was chosen in the list: focus goes on in the new one. */
  const enterList = useRef(false);
  useEffect(() => {
    if (listing !== null && enterList.current) list.current?.querySelector('button')?.focus();
    enterList.current = false;
  }, [listing]);

  const take = (next: Listing): void => {
    setListing(next);
    setPath(next.folder);
    setError(null);
  };
  const show = async (folder: string): Promise<void> => {
    const turn = ++asked.current;
    try {
      const next = await client.call('files.list', { folder });
      if (turn === asked.current) take(next);
    } catch (failure) {
      if (turn === asked.current) setError(messageOf(failure));
    }
  };
  useEffect(() => {
    // The folder of the open scene, or home.
    client.call('files.list', {}).then(
      (first) => {
        if (asked.current > 0) return;
        setListing(first);
        setPath(first.folder);
      },
      (failure: unknown) => setError(messageOf(failure)),
    );
  }, [client]);

  const open = async (scene: string): Promise<void> => {
    const wrong = await actions.openScene(scene);
    if (wrong === null) actions.showDialog(null);
    else setError(wrong);
  };
  const choose = (entry: Listing['entries'][number]): void => {
    if (entry.kind === 'scene') void open(entry.path);
    else {
      enterList.current = true;
      void show(entry.path);
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const wanted = path.trim();
    if (wanted === '') return;
    // What has no ending can only be a folder; a scene always has one.
    if (/\.[a-z0-9]+$/i.test(wanted)) void open(wanted);
    else void show(wanted);
  };
  const onListKey = (event: KeyboardEvent): void => {
    const rows = [...(list.current?.querySelectorAll('button') ?? [])];
    const at = rows.indexOf(event.target as HTMLButtonElement);
    if (event.key === 'ArrowDown') rows[Math.min(rows.length - 1, at + 1)]?.focus();
    else if (event.key === 'ArrowUp') rows[Math.max(0, at - 1)]?.focus();
    else if (event.key === 'Home') rows[0]?.focus();
    else if (event.key === 'End') rows.at(-1)?.focus();
    else if (event.key === 'Backspace' && listing?.parent) {
      enterList.current = true;
      void show(listing.parent);
    } else return;
    event.preventDefault();
  };

  return (
    <Dialog title={t('Open Scene')} onClose={() => actions.showDialog(null)}>
      <form className="open" onSubmit={submit}>
        <div className="open-path">
          <Button
            icon="up"
            aria-label={t('Parent folder')}
            title={t('Parent folder')}
            disabled={!listing?.parent}
            onClick={() => void show(listing!.parent!)}
          />
          <input
            className="input"
            aria-label={t('Path')}
            value={path}
            spellCheck={false}
            autoComplete="off"
            data-autofocus=""
            onFocus={(event) => event.currentTarget.select()}
            onChange={(event) => setPath(event.target.value)}
            aria-invalid={error !== null}
          />
        </div>
        <FieldError text={error} />
        <ul className="open-list scroll" aria-label={t('Folders and scenes')} ref={list} onKeyDown={onListKey}>
          {listing?.entries.map((entry, index) => (
            <li key={entry.path}>
              <button
                type="button"
                className={`row open-entry open-${entry.kind}`}
                tabIndex={index === 0 ? 0 : -1}
                onClick={() => choose(entry)}
              >
                <Icon name={entry.kind === 'folder' ? 'folder' : 'cube'} />
                <span className="open-name">{entry.name}</span>
                <span className="open-size">{entry.kind === 'scene' ? formatBytes(entry.bytes) : ''}</span>
              </button>
            </li>
          ))}
          {listing !== null && listing.left > 0 && (
            <li className="open-left">
              {t(
                '{count, plural, one {# more entry is not listed: type a path above to open it.} other {# more entries are not listed: type a path above to open one of them.}}',
                { count: listing.left },
              )}
            </li>
          )}
          {listing?.entries.length === 0 && (
            <li className="open-empty">{t('No folders or scenes (.blend, .glb, .gltf) here.')}</li>
          )}
        </ul>
        <div className="open-buttons">
          <span className="dim" role="status">
            {busy === null ? t('Files on the host’s machine.') : `${busy}…`}
          </span>
          <Button onClick={() => actions.showDialog(null)}>{t('Cancel')}</Button>
          <button type="submit" className="button button-primary" disabled={path.trim() === '' || busy !== null}>
            {t('Open')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
