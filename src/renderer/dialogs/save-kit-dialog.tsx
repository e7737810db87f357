import { useState, type FormEvent } from 'react';
import type { OperationOutput } from '../../shared/host-api';
import { messageOf } from '../../shared/user-error';
import { t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';
import { Button } from '../controls/button';
import { Dialog } from '../controls/dialog';
import { FieldError } from '../controls/field-error';
import { joinPath, relativeTo } from '../model/host-path';
import './small-dialogs.css';

const FOLDER = 'framegauge-monitoring';

/** Asks for a folder on the host's machine, has the monitoring kit written into it, and says what was written. */
export function SaveKitDialog({ onClose }: { onClose: () => void }) {
  const { actions, client } = useApp();
  const home = useAppState((state) => state.model.host?.info.home ?? '');
  const [folder, setFolder] = useState(() => joinPath(home, FOLDER));
  const [saving, setSaving] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [saved, setSaved] = useState<OperationOutput<'monitoring.save'> | null>(null);

  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setSaving(true);
    setError(null);
    try {
      setSaved(await client.call('monitoring.save', { folder: folder.trim() }));
    } catch (failure) {
      setError(messageOf(failure));
    }
    setSaving(false);
  };
  const browse = async (): Promise<void> => {
    const chosen = await actions.pickFolder(home);
    // A folder of its own: its files would be lost among others.
    if (chosen !== null) setFolder(joinPath(chosen, FOLDER));
  };
  return (
    <Dialog title={t('Save Monitoring Kit')} size="medium" onClose={onClose}>
      {saved ? (
        <div className="small-form">
          <p role="status">
            {t(
              '{count, plural, one {# file was written to this folder:} other {# files were written to this folder:}}',
              {
                count: saved.files.length,
              },
            )}{' '}
            <strong className="selectable">{saved.folder}</strong>.{' '}
            {t('Its README tells how to start Prometheus and Grafana with them.')}
          </p>
          <ul className="kit-files scroll selectable" aria-label={t('Files written')} tabIndex={0}>
            {saved.files.map((file) => (
              <li key={file}>{relativeTo(saved.folder, file)}</li>
            ))}
          </ul>
          <div className="small-buttons">
            <Button kind="primary" onClick={onClose} autoFocus>
              {t('Done')}
            </Button>
          </div>
        </div>
      ) : (
        <form className="small-form" onSubmit={(event) => void save(event)}>
          <p>
            {t(
              'Configuration for Prometheus and Grafana: scrape config, alert and recording rules, a dashboard, and a compose file that starts both.',
            )}
          </p>
          <div className="kit-path">
            <input
              className="input"
              aria-label={t('Folder')}
              value={folder}
              spellCheck={false}
              autoComplete="off"
              data-autofocus=""
              aria-invalid={error !== null}
              aria-describedby="kit-where"
              onChange={(event) => setFolder(event.target.value)}
            />
            <Button icon="folder" onClick={() => void browse()}>
              {t('Browse…')}
            </Button>
          </div>
          <FieldError text={error} />
          <div className="small-buttons">
            <span className="dim" id="kit-where">
              {client.shell === 'headless'
                ? t('A folder on the host’s machine.')
                : t('The folder is created if it does not exist.')}
            </span>
            <Button onClick={onClose}>{t('Cancel')}</Button>
            <button type="submit" className="button button-primary" disabled={saving || folder.trim() === ''}>
              {saving ? t('Saving…') : t('Save')}
            </button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
