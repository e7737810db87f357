import type { MachineInfo } from '../../shared/machines';
import { t } from '../../shared/texts/translate';
import { useApp } from '../app-context';
import { Button } from '../controls/button';
import { Dialog } from '../controls/dialog';
import '../dialogs/small-dialogs.css';

/** Says what taking a machine out of the farm means, and asks. */
export function ForgetMachineDialog({ machine, onClose }: { machine: MachineInfo; onClose: () => void }) {
  const { actions } = useApp();
  const { id, name, frames } = machine;
  return (
    <Dialog title={t('Take {name} Out of the Farm', { name })} size="small" onClose={onClose}>
      <div className="small-form">
        <p>
          {t('Its access ends at once, and it needs a new invitation to come back.')}
          {frames > 0
            ? ` ${t('{count, plural, one {The # frame that it has in work is rendered by others.} other {The # frames that it has in work are rendered by others.}}', { count: frames })}`
            : ''}
        </p>
        <div className="small-buttons">
          <Button data-autofocus="" onClick={onClose}>
            {t('Keep')}
          </Button>
          <Button
            className="button-danger"
            changes
            onClick={() => {
              onClose();
              void actions.forgetMachine(id);
            }}
          >
            {t('Take Out')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
