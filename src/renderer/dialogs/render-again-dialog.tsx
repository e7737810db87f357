import { t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';
import { Button } from '../controls/button';
import { Dialog } from '../controls/dialog';
import { imagesAnew } from '../model/job-sentences';
import './small-dialogs.css';

/** Asks before images that are there are rendered anew: how many of how many jobs. */
export function RenderAgainDialog() {
  const { actions } = useApp();
  const ids = useAppState((state) => state.dialogJobs);
  const byId = useAppState((state) => state.model.jobs.byId);
  const done = ids.reduce((sum, id) => sum + (byId.get(id)?.frames.done ?? 0), 0);
  return (
    <Dialog title={t('Render All Frames Again')} size="small" onClose={() => actions.showDialog(null)}>
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
              void actions.requeueAll(ids);
            }}
          >
            {t('Render All Again')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
