import { t } from '../../shared/texts/translate';
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
    <Dialog
      title={t('Update {name} to {version}', { name: asked.name, version: asked.version })}
      size="medium"
      onClose={refuse}
    >
      <div className="small-form">
        <p>
          {t('Version {version} asks for more than {installed}, which is installed:', {
            version: asked.version,
            installed: asked.installed,
          })}
        </p>
        <dl className="addon-facts selectable" aria-label={t('Asked for')}>
          {asked.asks.map(({ permission, reason }) => (
            <div className="addon-detail" key={permission}>
              <dt>{permissionLabel(permission)}</dt>
              <dd>{reason}</dd>
            </div>
          ))}
        </dl>
        <p className="dim">{t('The reasons are the add-on’s own words.')}</p>
        <div className="small-buttons">
          <Button data-autofocus="" onClick={refuse}>
            {t('Keep {installed}', { installed: asked.installed })}
          </Button>
          <Button kind="primary" onClick={() => actions.answerConsent(true)}>
            {t('Allow and Update')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
