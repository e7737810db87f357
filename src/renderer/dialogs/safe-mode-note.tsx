import { t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';
import { Button } from '../controls/button';
import { Icon } from '../controls/icon';
import { restartLabel } from '../model/restart-label';
import './addon-list.css';

/** Why no add-on but the bundled ones can run, and the way back. */
export function SafeModeNote() {
  const { client } = useApp();
  const safeMode = useAppState(({ model }) => model.host?.info.safeMode ?? false);
  const { restart } = client;
  if (!safeMode) return null;
  return (
    <p className="addon-message addon-message-warning">
      <Icon name="warning" />
      <span className="selectable">
        {t('Safe mode: only add-ons that came with Framegauge are started.')}{' '}
        {restart === null && t('To leave it, end the host and start it without --safe-mode.')}
      </span>
      {restart !== null && <Button onClick={() => void restart('normal')}>{restartLabel('normal')}</Button>}
    </p>
  );
}
