import { t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';
import { Button } from '../controls/button';
import { Dialog } from '../controls/dialog';
import { WrappingPath } from '../controls/wrapping-path';
import { formatCount } from '../model/format';
import { versionIn } from '../model/output-version';
import { withoutOptions } from '../model/job-sentences';
import { jobFrames } from '../model/timeline-cells';
import './small-dialogs.css';

/** The one question where a job's images would go over others. */
export function ConflictDialog() {
  const { actions } = useApp();
  const conflict = useAppState((state) => state.conflict);
  if (!conflict?.plan.conflict) return null;
  const { settings, newVersion, conflict: found } = conflict.plan;
  const cancel = (): void => void actions.resolveConflict(null);
  const others = jobFrames(settings.frames).length - found.frames;
  return (
    <Dialog title={t('Images Already Exist')} size="medium" onClose={cancel}>
      <div className="small-form">
        <p className="selectable conflict-sentence">{withoutOptions(found.sentence)}</p>
        <dl className="conflict-version">
          <dt>{t('New version')}</dt>
          <dd className="selectable">
            <WrappingPath path={newVersion} />
          </dd>
        </dl>
        <div className="small-buttons">
          <Button onClick={cancel}>{t('Cancel')}</Button>
          <Button
            title={
              others > 0
                ? t('The existing images are kept and count as frames of this job')
                : t('The existing images are kept and count as frames of this job; nothing is rendered')
            }
            onClick={() => void actions.resolveConflict({ keepExisting: true })}
          >
            {others > 0 ? t('Keep and Render the Other {others}', { others: formatCount(others) }) : t('Keep All')}
          </Button>
          <Button className="button-danger" onClick={() => void actions.resolveConflict({ overwrite: true })}>
            {t('Overwrite')}
          </Button>
          <Button kind="primary" data-autofocus="" onClick={() => void actions.resolveConflict({ newVersion: true })}>
            {t('New Version ({version})', { version: versionIn(newVersion) })}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
