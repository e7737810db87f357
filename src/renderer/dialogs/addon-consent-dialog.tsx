import { useApp, useAppState } from '../app-context';
import { Button } from '../controls/button';
import { Dialog } from '../controls/dialog';
import { permissionLabel } from '../model/addon-list-view';
import './small-dialogs.css';

/** Asks whether an update of an add-on may do more than the installed version. */
export function AddonConsentDialog() {
  const { actions } = useApp();
  const asked = useAppState((state) => state.consent?.asked);
  if (!asked) return null;
  const refuse = (): void => actions.answerConsent(false);
  return (
    <Dialog title={`Update ${asked.name} to ${asked.version}`} size="medium" onClose={refuse}>
      <div className="small-form">
        <p>
          Version {asked.version} asks for more than {asked.installed}, which is installed:
        </p>
        <dl className="addon-facts selectable" aria-label="Asked for">
          {asked.asks.map(({ permission, reason }) => (
            <div className="addon-detail" key={permission}>
              <dt>{permissionLabel(permission)}</dt>
              <dd>{reason}</dd>
            </div>
          ))}
        </dl>
        <p className="dim">The reasons are the add-on’s own words.</p>
        <div className="small-buttons">
          <Button data-autofocus="" onClick={refuse}>
            Keep {asked.installed}
          </Button>
          <Button kind="primary" onClick={() => actions.answerConsent(true)}>
            Allow and Update
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
