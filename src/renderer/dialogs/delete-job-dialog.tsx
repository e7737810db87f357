import { useEffect, useState } from 'react';
import type { OperationOutput } from '../../shared/host-api';
import { messageOf } from '../../shared/user-error';
import { t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';
import { Button } from '../controls/button';
import { Dialog } from '../controls/dialog';
import { FieldError } from '../controls/field-error';
import { CheckBox } from '../controls/field';
import { WrappingPath } from '../controls/wrapping-path';
import { formatBytes } from '../model/format';
import './small-dialogs.css';

/** Says what deleting a job would delete, and asks; files go only where that is ticked. */
export function DeleteJobDialog() {
  const { actions, client } = useApp();
  const job = useAppState((state) =>
    state.dialogJob === null ? undefined : state.model.jobs.byId.get(state.dialogJob),
  );
  const [removal, setRemoval] = useState<OperationOutput<'job.removal'> | null>(null);
  const [files, setFiles] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const id = job?.id ?? null;
  const gone = job === undefined;
  useEffect(() => {
    if (gone) actions.showDialog(null);
  }, [gone, actions]);
  useEffect(() => {
    if (id === null) return undefined;
    let live = true;
    client.call('job.removal', { id }).then(
      (answer) => live && setRemoval(answer),
      (failure: unknown) => live && setError(messageOf(failure)),
    );
    return () => {
      live = false;
    };
  }, [client, id]);
  if (!job) return null;

  const remove = (): void => {
    actions.showDialog(null);
    actions.deleteJobs([job.id], files);
  };
  const count = removal?.files.length ?? 0;
  return (
    <Dialog
      title={t('Delete {name}, Job {id}', { name: job.name, id: String(job.id) })}
      size="medium"
      onClose={() => actions.showDialog(null)}
    >
      <div className="small-form">
        <p>
          {t('The job and the record of its frames are removed.')}{' '}
          {files ? t('The files listed below are deleted from disk.') : t('Its images stay on disk.')}
        </p>
        {removal === null && error === null && <p className="dim">{t('Finding the files that it has written…')}</p>}
        {removal !== null && count === 0 && (
          <p className="dim">
            {t('No files to delete: it has written none, or they have been changed or moved since.')}
          </p>
        )}
        {count > 0 && (
          <>
            <div className="delete-files">
              <CheckBox
                label={t(
                  '{count, plural, one {Also delete its file ({size})} other {Also delete its # files ({size})}}',
                  { count, size: formatBytes(removal!.bytes) },
                )}
                checked={files}
                onChange={setFiles}
              />
            </div>
            <FileList files={removal!.files} going={files} />
          </>
        )}
        <FieldError text={error} />
        <div className="small-buttons">
          <Button data-autofocus="" onClick={() => actions.showDialog(null)}>
            {t('Keep')}
          </Button>
          <Button className="button-danger" onClick={remove}>
            {files ? t('Delete Job and Files') : t('Delete Job')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

/** As many as anyone reads; a list of a million lines would hold the window up. */
const LISTED = 200;

function FileList({ files, going }: { files: readonly string[]; going: boolean }) {
  return (
    <ul
      className={`kit-files scroll selectable ${going ? 'delete-going' : ''}`}
      aria-label={t('Files that it has written')}
      tabIndex={0}
    >
      {files.slice(0, LISTED).map((file) => (
        <li key={file}>
          <WrappingPath path={file} />
        </li>
      ))}
      {files.length > LISTED && <li>{t('… and {count} more', { count: files.length - LISTED })}</li>}
    </ul>
  );
}
