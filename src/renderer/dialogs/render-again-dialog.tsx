import { t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';
import { Button } from '../controls/button';
import { Dialog } from '../controls/dialog';
import { rowOf } from '../model/host-model';
import { imagesAnew } from '../model/job-sentences';
import './small-dialogs.css';

/** Asks before images that are there are rendered anew: those of jobs, or of some frames of one. */
export function RenderAgainDialog() {
  const { actions } = useApp();
  const ids = useAppState((state) => state.dialogJobs);
  const byId = useAppState((state) => state.model.jobs.byId);
  const frames = useAppState((state) => state.dialogFrames);
  const some = frames.length > 0;
  const job = byId.get(ids[0]!);
  const table = useAppState((state) => state.model.frames.get(ids[0]!));
  const done = some
    ? frames.filter((frame) => rowOf(table, frame)?.state === 'done').length
    : ids.reduce((sum, id) => sum + (byId.get(id)?.frames.done ?? 0), 0);
  const again = t('{count, plural, one {Render # Frame Again} other {Render # Frames Again}}', {
    count: frames.length,
  });
  return (
    <Dialog title={some ? again : t('Render All Frames Again')} size="small" onClose={() => actions.showDialog(null)}>
      <div className="small-form">
        <p>{imagesAnew(done)}</p>
        <div className="small-buttons">
          <Button data-autofocus="" onClick={() => actions.showDialog(null)}>
            {t('Keep')}
          </Button>
          <Button
            className="button-danger"
            onClick={() => {
              actions.showDialog(null);
              if (!some) void actions.requeueAll(ids);
              else if (job) void actions.renderFramesAgain(job, frames);
            }}
          >
            {some ? again : t('Render All Again')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
