import type { MachineInfo } from '../../shared/farm';
import { useApp } from '../app-context';
import { Button } from '../controls/button';
import { Dialog } from '../controls/dialog';
import { frames as frameCount } from '../model/format';
import '../dialogs/small-dialogs.css';

/** Says what taking a machine out of the farm means, and asks. */
export function ForgetMachineDialog({ machine, onClose }: { machine: MachineInfo; onClose: () => void }) {
  const { actions } = useApp();
  const { id, name, frames } = machine;
  return (
    <Dialog title={`Take ${name} Out of the Farm`} size="small" onClose={onClose}>
      <div className="small-form">
        <p>
          Its access ends at once, and it needs a new invitation to come back.
          {frames > 0 ? ` The ${frameCount(frames)} that it has in work are rendered by others.` : ''}
        </p>
        <div className="small-buttons">
          <Button data-autofocus="" onClick={onClose}>
            Keep
          </Button>
          <Button
            className="button-danger"
            changes
            onClick={() => {
              onClose();
              void actions.forgetMachine(id);
            }}
          >
            Take Out
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
