import { useEffect, useRef, useState, type FormEvent, type KeyboardEvent } from 'react';
import type { OperationOutput } from '../../shared/host-api';
import { ALL_SCENE_EXTENSIONS } from '../../shared/scene-extensions';
import { messageOf } from '../../shared/user-error';
import { t } from '../../shared/texts/translate';
import { CutText } from '../controls/cut-text';
import { useApp, useAppState } from '../app-context';
import { Button } from '../controls/button';
import { FieldError } from '../controls/field-error';
import { Icon } from '../controls/icon';
import { formatBytes } from '../model/format';
import { folderOf } from '../model/host-path';
import './file-browser.css';

type Listing = OperationOutput<'files.list'>;

interface Props {
  /** `scene`: folders lead to scenes, one of which is chosen; `folder`: only folders are listed, one of which is chosen. */
  choose: 'scene' | 'folder';
  /** The folder to begin with, or the nearest above it; null for that of the open scene, or home. */
  start: string | null;
  /** On the button that chooses. */
  confirm: string;
  /** @returns what is wrong with it; null when it is taken */
  onChoose: (path: string) => Promise<string | null>;
  onClose: () => void;
}

/** Whether a path that was typed, perhaps in quotes, is that of a scene: every scene has one of these endings. */
function isScenePath(path: string): boolean {
  const name = path.replace(/["']$/, '').toLowerCase();
  return ALL_SCENE_EXTENSIONS.some((ending) => name.endsWith(ending));
}

/** Chooses a scene or a folder on the host's machine, which need not be the one that this page is seen on. */
export function FileBrowser({ choose, start, confirm, onChoose, onClose }: Props) {
  const { client } = useApp();
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

  /** @returns the folder that is shown now; null where it can't be, or another was asked for meanwhile */
  const show = async (folder: string): Promise<string | null> => {
    const turn = ++asked.current;
    try {
      const next = await client.call('files.list', { folder });
      if (turn !== asked.current) return null;
      setListing(next);
      setPath(next.folder);
      setError(null);
      return next.folder;
    } catch (failure) {
      if (turn === asked.current) setError(messageOf(failure));
      return null;
    }
  };
  useEffect(() => {
    const first = async (): Promise<Listing> => {
      // An output's folder is often made only by its first image.
      for (let folder = start ?? ''; folder !== ''; folder = folderOf(folder)) {
        const found = await client.call('files.list', { folder }).catch(() => null);
        if (found) return found;
      }
      return client.call('files.list', {});
    };
    first().then(
      (found) => {
        if (asked.current > 0) return;
        setListing(found);
        setPath(found.folder);
      },
      (failure: unknown) => setError(messageOf(failure)),
    );
  }, [client, start]);

  const take = async (chosen: string): Promise<void> => setError(await onChoose(chosen));
  const press = (entry: Listing['entries'][number]): void => {
    if (entry.kind === 'scene') void take(entry.path);
    else {
      enterList.current = true;
      void show(entry.path);
    }
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const wanted = path.trim();
    if (wanted === '') return;
    if (choose === 'folder') {
      const folder = await show(wanted);
      if (folder !== null) await take(folder);
    }
    // A folder may have a dot in its name, too.
    else if (isScenePath(wanted)) await take(wanted);
    else await show(wanted);
  };
  const onPathKey = (event: KeyboardEvent): void => {
    // A folder that was typed is looked at before it is chosen.
    if (event.key !== 'Enter' || choose !== 'folder' || path.trim() === listing?.folder) return;
    event.preventDefault();
    void show(path.trim());
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
  const entries = listing?.entries.filter(({ kind }) => choose === 'scene' || kind === 'folder') ?? [];

  return (
    <form className="files" onSubmit={(event) => void submit(event)}>
      <div className="files-path">
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
          onKeyDown={onPathKey}
          aria-invalid={error !== null}
        />
      </div>
      <FieldError text={error} />
      <ul
        className="files-list scroll"
        aria-label={choose === 'scene' ? t('Folders and scenes') : t('Folders')}
        ref={list}
        onKeyDown={onListKey}
      >
        {entries.map((entry, index) => (
          <li key={entry.path}>
            <button
              type="button"
              className={`row files-entry files-${entry.kind}`}
              tabIndex={index === 0 ? 0 : -1}
              onClick={() => press(entry)}
            >
              <Icon name={entry.kind === 'folder' ? 'folder' : 'cube'} />
              <span className="files-name">
                <CutText text={entry.name} />
              </span>
              <span className="files-size">{entry.kind === 'scene' ? formatBytes(entry.bytes) : ''}</span>
            </button>
          </li>
        ))}
        {listing !== null && listing.left > 0 && (
          <li className="files-left">
            {t(
              '{count, plural, one {# more entry is not listed: type a path above to open it.} other {# more entries are not listed: type a path above to open one of them.}}',
              { count: listing.left },
            )}
          </li>
        )}
        {listing !== null && entries.length === 0 && (
          <li className="files-empty">
            {choose === 'scene' ? t('No folders or scenes (.blend, .glb, .gltf) here.') : t('No folders in this one.')}
          </li>
        )}
      </ul>
      <div className="files-buttons">
        <span className="dim" role="status">
          {busy !== null
            ? `${busy}…`
            : choose === 'scene'
              ? t('Files on the host’s machine.')
              : t('A folder on the host’s machine.')}
        </span>
        <Button onClick={onClose}>{t('Cancel')}</Button>
        <button type="submit" className="button button-primary" disabled={path.trim() === '' || busy !== null}>
          {confirm}
        </button>
      </div>
    </form>
  );
}
