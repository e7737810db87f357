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
    <Dialog title="Images Already Exist" size="medium" onClose={cancel}>
      <div className="small-form">
        <p className="selectable conflict-sentence">{withoutOptions(found.sentence)}</p>
        <dl className="conflict-version">
          <dt>New version</dt>
          <dd className="selectable">
            <WrappingPath path={newVersion} />
          </dd>
        </dl>
        <div className="small-buttons">
          <Button onClick={cancel}>Cancel</Button>
          <Button
            title={`The existing images are kept and count as frames of this job${others > 0 ? '' : '; nothing is rendered'}`}
            onClick={() => void actions.resolveConflict({ keepExisting: true })}
          >
            {others > 0 ? `Keep and Render the Other ${formatCount(others)}` : 'Keep All'}
          </Button>
          <Button className="button-danger" onClick={() => void actions.resolveConflict({ overwrite: true })}>
            Overwrite
          </Button>
          <Button kind="primary" data-autofocus="" onClick={() => void actions.resolveConflict({ newVersion: true })}>
            New Version ({versionIn(newVersion)})
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
