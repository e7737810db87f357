import { useRef } from 'react';
import { t } from '../../shared/texts/translate';
import { useApp } from '../app-context';
import { Button } from '../controls/button';
import type { AddonFilter, AddonOrder } from '../model/addon-list-view';

export interface AddonView {
  readonly search: string;
  readonly filter: AddonFilter;
  readonly order: AddonOrder;
}

interface Props {
  view: AddonView;
  categories: readonly string[];
  onChange: (view: AddonView) => void;
}

/** Narrows and orders the list, and installs. Looking needs no right to change anything. */
export function AddonToolbar({ view, categories, onChange }: Props) {
  return (
    <div className="addon-toolbar" role="toolbar" aria-label={t('List of add-ons')}>
      <input
        type="search"
        className="input addon-search"
        aria-label={t('Search add-ons')}
        placeholder={t('Search')}
        value={view.search}
        onChange={(event) => onChange({ ...view, search: event.target.value })}
      />
      <select
        className="input select"
        aria-label={t('Show')}
        value={view.filter}
        onChange={(event) => onChange({ ...view, filter: event.target.value as AddonFilter })}
      >
        <option value="all">{t('All')}</option>
        <option value="enabled">{t('Enabled')}</option>
        <option value="disabled">{t('Not enabled')}</option>
        <optgroup label={t('Category')}>
          {categories.map((category) => (
            <option key={category} value={`in:${category}`}>
              {category}
            </option>
          ))}
        </optgroup>
      </select>
      <select
        className="input select"
        aria-label={t('Sort by')}
        value={view.order}
        onChange={(event) => onChange({ ...view, order: event.target.value as AddonOrder })}
      >
        <option value="name">{t('By name')}</option>
        <option value="category">{t('By category')}</option>
        <option value="enabled">{t('Enabled first')}</option>
      </select>
      <InstallButton />
    </div>
  );
}

/** The system's dialog where there is one, else the browser's. */
function InstallButton() {
  const { actions, client } = useApp();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button
        changes
        icon="folder"
        onClick={() => (client.pickAddon === null ? input.current?.click() : void actions.pickAndInstallAddon())}
      >
        {t('Install from Disk…')}
      </Button>
      <input
        ref={input}
        type="file"
        accept=".zip,application/zip"
        hidden
        aria-label={t('Add-on to install')}
        onChange={(event) => {
          const file = event.target.files?.[0];
          // The same file can be chosen again.
          event.target.value = '';
          if (file) void actions.installAddonFile(file);
        }}
      />
    </>
  );
}
