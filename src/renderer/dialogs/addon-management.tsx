import { useState } from 'react';
import type { Addon } from '../../shared/addons';
import { t } from '../../shared/texts/translate';
import { useApp } from '../app-context';
import { Button } from '../controls/button';
import { Dialog } from '../controls/dialog';
import { CheckBox } from '../controls/field';

/** What can be done with an add-on as a whole: its files, its earlier version, taking it away. */
export function AddonManagement({ addon }: { addon: Addon }) {
  const { actions, client } = useApp();
  const [asking, setAsking] = useState(false);
  const { id, name } = addon.manifest;
  if (addon.bundled && client.showAddonFiles === null) return null;
  return (
    <section aria-label={t('Manage {name}', { name })} className="addon-buttons">
      {client.showAddonFiles !== null && (
        <Button icon="folder" onClick={() => void actions.showAddonFiles(id)}>
          {t('Show Files')}
        </Button>
      )}
      {addon.previousVersion !== null && (
        <Button changes onClick={() => void actions.rollBackAddon(id)}>
          {t('Go Back to {previousVersion}', { previousVersion: addon.previousVersion })}
        </Button>
      )}
      {!addon.bundled && (
        <Button changes onClick={() => setAsking(true)}>
          {t('Uninstall…')}
        </Button>
      )}
      {asking && <UninstallDialog id={id} name={name} onClose={() => setAsking(false)} />}
    </section>
  );
}

function UninstallDialog({ id, name, onClose }: { id: string; name: string; onClose: () => void }) {
  const { actions } = useApp();
  const [removeData, setRemoveData] = useState(false);
  const [working, setWorking] = useState(false);
  const uninstall = async (): Promise<void> => {
    setWorking(true);
    await actions.uninstallAddon(id, removeData);
    onClose();
  };
  return (
    <Dialog title={t('Uninstall {name}', { name })} size="medium" onClose={onClose}>
      <div className="small-form">
        <p>
          {t('The add-on is stopped and its files are deleted.')}{' '}
          {removeData
            ? t('Its preferences and what it has stored go too.')
            : t('Its preferences and data stay for the next time.')}
        </p>
        <div className="delete-files">
          <CheckBox label={t('Also delete its preferences and data')} checked={removeData} onChange={setRemoveData} />
        </div>
        <div className="small-buttons">
          <Button data-autofocus="" onClick={onClose}>
            {t('Keep')}
          </Button>
          <Button className="button-danger" disabled={working} onClick={() => void uninstall()}>
            {working ? t('Uninstalling…') : t('Uninstall')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
