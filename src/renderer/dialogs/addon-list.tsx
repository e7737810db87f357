import { useState } from 'react';
import { t } from '../../shared/texts/translate';
import { useAppState } from '../app-context';
import { categoriesOf, shownAddons } from '../model/addon-list-view';
import { AddonItem } from './addon-item';
import { AddonMessage } from './addon-message';
import { AddonToolbar, type AddonView } from './addon-toolbar';
import { SafeModeNote } from './safe-mode-note';
import './addon-list.css';

const NONE: readonly never[] = [];

export function AddonList() {
  const addons = useAppState((state) => state.model.host?.addons ?? NONE);
  const [view, setView] = useState<AddonView>({ search: '', filter: 'all', order: 'name' });
  const shown = shownAddons(addons, view);
  return (
    <>
      <AddonToolbar view={view} categories={categoriesOf(addons)} onChange={setView} />
      <SafeModeNote />
      <AddonMessage />
      {shown.length === 0 ? (
        <p className="dim">{addons.length === 0 ? t('No add-ons were found.') : t('No add-on fits.')}</p>
      ) : (
        <ul className="addons" aria-label={t('Add-ons')}>
          {shown.map((addon) => (
            <AddonItem key={addon.manifest.id} addon={addon} />
          ))}
        </ul>
      )}
    </>
  );
}
