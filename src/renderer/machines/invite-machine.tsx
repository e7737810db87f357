import { useEffect, useState } from 'react';
import type { Invitation } from '../../shared/machines';
import { messageOf } from '../../shared/user-error';
import { t } from '../../shared/texts/translate';
import { useApp } from '../app-context';
import { Button } from '../controls/button';
import { copyText } from '../controls/copy-text';
import { FieldError } from '../controls/field-error';
import { CopyDialog } from '../dialogs/copy-dialog';
import { formatMoment } from '../model/format';

const focusOnce = (section: HTMLElement | null): void => section?.focus();

/** The command that lets one machine in, of an invitation of its own. */
export function InviteMachine({ onClose }: { onClose?: () => void }) {
  const { client } = useApp();
  const [invitation, setInvitation] = useState<(Invitation & { readonly until: string }) | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [copied, setCopied] = useState(false);
  const [byHand, setByHand] = useState(false);
  useEffect(() => {
    let live = true;
    client.call('machine.invite', {}).then(
      (answer) => live && setInvitation({ ...answer, until: formatMoment(answer.expiresAt, Date.now()) }),
      (failure: unknown) => live && setError(messageOf(failure)),
    );
    return () => {
      live = false;
    };
  }, [client]);
  const copy = async (command: string): Promise<void> => {
    if (await copyText(command)) setCopied(true);
    else setByHand(true);
  };
  return (
    // The button that was pressed may have been replaced by it, and the command comes only later.
    <section className="invitation" aria-label={t('Add a machine')} tabIndex={-1} ref={focusOnce}>
      <FieldError text={error} />
      {invitation && (
        <>
          <p>
            {t('Type this on the machine before {until}. It lets one machine in: keep it to yourself.', {
              until: invitation.until,
            })}
          </p>
          <div className="invitation-command">
            <code className="selectable">{invitation.command}</code>
            <Button icon={copied ? 'check' : 'copy'} onClick={() => void copy(invitation.command)}>
              {copied ? t('Copied') : t('Copy')}
            </Button>
            {onClose && <Button kind="bare" icon="cross" aria-label={t('Hide the command')} onClick={onClose} />}
          </div>
          <span className="visually-hidden" role="status">
            {copied ? t('The command was copied.') : ''}
          </span>
        </>
      )}
      {byHand && invitation && (
        <CopyDialog title={t('Add a Machine')} text={invitation.command} onClose={() => setByHand(false)} />
      )}
    </section>
  );
}
