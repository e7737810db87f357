import { useEffect, useMemo, useState } from 'react';
import { t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';
import { Button } from '../controls/button';
import { Dialog } from '../controls/dialog';
import { CheckBox } from '../controls/field';
import { formatBytes } from '../model/format';
import { isFinished } from '../model/job-table';
import './small-dialogs.css';

/** The host looks at every file of a job: for more jobs than this nobody waits for it. */
const FILES_LOOKED_FOR = 200;

/** One question for all the jobs that are to be deleted; their files go only where that is ticked. */
export function DeleteJobsDialog() {
  const { actions, client, store } = useApp();
  const ids = useAppState((state) => state.dialogJobs);
  const jobs = useAppState((state) => state.model.jobs);
  const there = ids.flatMap((id) => jobs.byId.get(id) ?? []);
  const able = there.filter(({ state }) => state !== 'rendering').map(({ id }) => id);
  const open = there.filter((job) => !isFinished(job) && job.state !== 'rendering').length;
  const rendering = there.length - able.length;
  const title = t('{count, plural, one {# Job} other {# Jobs}}', { count: able.length });
  const [files, setFiles] = useState(false);
  const [found, setFound] = useState<{ count: number; bytes: number } | null>(null);
  const looks = ids.length <= FILES_LOOKED_FOR;
  const asked = useMemo(() => {
    const { byId } = store.getState().model.jobs;
    return ids.filter((id) => byId.has(id) && byId.get(id)!.state !== 'rendering');
  }, [ids, store]);
  useEffect(() => {
    let live = looks;
    const look = async (): Promise<void> => {
      const sum = { count: 0, bytes: 0 };
      for (const id of asked) {
        if (!live) return;
        const removal = await client.call('job.removal', { id }).catch(() => null);
        sum.count += removal?.files.length ?? 0;
        sum.bytes += removal?.bytes ?? 0;
      }
      if (live) setFound(sum);
    };
    void look();
    return () => {
      live = false;
    };
  }, [client, asked, looks]);
  return (
    <Dialog title={t('Delete {title}', { title })} size="medium" onClose={() => actions.showDialog(null)}>
      <div className="small-form">
        <p>
          {t('The jobs and the records of their frames are removed.')}{' '}
          {files ? t('Their files are deleted from disk.') : t('Their images stay on disk.')}
        </p>
        {open > 0 && (
          <p>
            {t(
              '{count, plural, one {# of them has not been rendered yet.} other {# of them have not been rendered yet.}}',
              { count: open },
            )}
          </p>
        )}
        {rendering > 0 && (
          <p>
            {t(
              '{count, plural, one {# more is rendering and stays: cancel it first.} other {# more are rendering and stay: cancel them first.}}',
              { count: rendering },
            )}
          </p>
        )}
        {looks && found === null && <p className="dim">{t('Finding the files that they have written…')}</p>}
        {found !== null && found.count > 0 && (
          <div className="delete-files">
            <CheckBox
              label={t(
                '{count, plural, one {Also delete their file ({size})} other {Also delete their # files ({size})}}',
                { count: found.count, size: formatBytes(found.bytes) },
              )}
              checked={files}
              onChange={setFiles}
            />
          </div>
        )}
        <div className="small-buttons">
          <Button data-autofocus="" onClick={() => actions.showDialog(null)}>
            {t('Keep')}
          </Button>
          <Button
            className="button-danger"
            disabled={able.length === 0}
            onClick={() => {
              actions.showDialog(null);
              actions.deleteJobs(able, files);
            }}
          >
            {files ? t('Delete {title} and Files', { title }) : t('Delete {title}', { title })}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
