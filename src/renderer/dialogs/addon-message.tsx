import { t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';
import { Button } from '../controls/button';
import { Icon } from '../controls/icon';
import './addon-list.css';

const ICONS = { info: 'info', success: 'check', warning: 'warning', error: 'error' } as const;

/** What came of the last installation: messages of the window are behind this dialog. */
export function AddonMessage() {
  const { actions } = useApp();
  const message = useAppState((state) => state.messages.findLast(({ topic }) => topic?.startsWith('addon.')));
  return (
    <div role="status">
      {message && (
        <p className={`addon-message addon-message-${message.level}`}>
          <Icon name={ICONS[message.level]} />
          <span className="selectable">{message.text}</span>
          <Button kind="bare" icon="cross" aria-label={t('Dismiss')} onClick={() => actions.dismiss(message.id)} />
        </p>
      )}
    </div>
  );
}
