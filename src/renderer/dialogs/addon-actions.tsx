import { useState } from 'react';
import type { AddonAction } from '../../shared/addons';
import { t } from '../../shared/texts/translate';
import { Button } from '../controls/button';
import { copyText } from '../controls/copy-text';
import { Icon } from '../controls/icon';
import { SafeLink } from '../controls/safe-link';
import { CopyDialog } from './copy-dialog';
import { SaveKitDialog } from './save-kit-dialog';

type CopyAction = Extract<AddonAction, { type: 'copy' }>;

/** The buttons that an add-on asked for. */
export function AddonActions({ actions, name }: { actions: readonly AddonAction[]; name: string }) {
  const [copied, setCopied] = useState<string | null>(null);
  const [byHand, setByHand] = useState<CopyAction | null>(null);
  const [saving, setSaving] = useState(false);
  const copy = async (action: CopyAction): Promise<void> => {
    if (await copyText(action.text)) setCopied(`${t('Copied.')}${action.note ? ` ${action.note}` : ''}`);
    else setByHand(action);
  };
  return (
    <section aria-label={t('Actions of {name}', { name })} className="addon-actions">
      <div className="addon-buttons">
        {actions.map((action) => {
          if (action.type === 'open') {
            return (
              <SafeLink key={action.label} href={action.href} className="button button-plain addon-open-link">
                <Icon name="link" />
                {action.label}
              </SafeLink>
            );
          }
          return (
            <Button
              key={action.label}
              changes={action.type !== 'copy'}
              icon={action.type === 'copy' ? 'copy' : 'folder'}
              onClick={() => (action.type === 'copy' ? void copy(action) : setSaving(true))}
            >
              {action.label}
            </Button>
          );
        })}
      </div>
      <p className="addon-copied" role="status">
        {copied}
      </p>
      {byHand && (
        <CopyDialog title={byHand.label} text={byHand.text} note={byHand.note} onClose={() => setByHand(null)} />
      )}
      {saving && <SaveKitDialog onClose={() => setSaving(false)} />}
    </section>
  );
}
