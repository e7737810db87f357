import { useEffect, useState } from 'react';
import type { AddonCatalogue, AvailableAddon } from '../../shared/addon-repositories';
import { messageOf } from '../../shared/user-error';
import { t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';
import { Button } from '../controls/button';
import { Icon } from '../controls/icon';
import { permissionLabel } from '../model/addon-list-view';
import { type OfferFilter, shownOffers, tagsOf } from '../model/available-addons';
import { formatBytes } from '../model/format';
import { useReadOnly } from '../read-only';
import { AddonMessage } from './addon-message';
import './get-addons.css';

/** What the repositories offer. Which they are is set below it. */
export function GetAddons() {
  const { catalogue, error, reread } = useCatalogue();
  const [search, setSearch] = useState('');
  const [filter, setFilter] = useState<OfferFilter>('all');
  const readOnly = useReadOnly();
  if (readOnly !== null) return <p className="dim">{readOnly}</p>;
  const offers = catalogue?.addons ?? [];
  const shown = shownOffers(offers, { search, filter });
  return (
    <div className="get-addons">
      <div className="addon-toolbar" role="toolbar" aria-label={t('Offered add-ons')}>
        <input
          type="search"
          className="input addon-search"
          aria-label={t('Search the repositories')}
          placeholder={t('Search')}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <select
          className="input select"
          aria-label={t('Show')}
          value={filter}
          onChange={(event) => setFilter(event.target.value as OfferFilter)}
        >
          <option value="all">{t('All')}</option>
          <option value="updates">{t('Updates')}</option>
          <option value="new">{t('Not installed')}</option>
          <optgroup label={t('Tag')}>
            {tagsOf(offers).map((tag) => (
              <option key={tag} value={`tag:${tag}`}>
                {tag}
              </option>
            ))}
          </optgroup>
        </select>
        <UpdateAllButton offers={offers} />
        <Button onClick={reread}>{t('Refresh')}</Button>
      </div>
      <AddonMessage />
      {error !== null && <Problem text={error} />}
      {catalogue?.repositories.map(
        ({ address, problem }) =>
          problem !== null && (
            <Problem key={address} text={problem.includes(address) ? problem : `${address}: ${problem}`} />
          ),
      )}
      {shown.length > 0 ? (
        <ul className="addons" aria-label={t('Offered add-ons')}>
          {shown.map((addon) => (
            <Offer key={addon.id} addon={addon} />
          ))}
        </ul>
      ) : (
        <p className="dim">{emptyWords(catalogue)}</p>
      )}
    </div>
  );
}

/** Only where it saves a press. */
function UpdateAllButton({ offers }: { offers: readonly AvailableAddon[] }) {
  const { actions } = useApp();
  const [working, setWorking] = useState(false);
  const updates = offers.filter(({ update, blocked }) => update && blocked === null);
  if (updates.length < 2 && !working) return null;
  return (
    <Button
      changes
      disabled={working}
      onClick={() => {
        setWorking(true);
        void actions.updateAddons(updates).finally(() => setWorking(false));
      }}
    >
      {working ? t('Updating…') : t('Update All ({count})', { count: updates.length })}
    </Button>
  );
}

function emptyWords(catalogue: AddonCatalogue | null): string {
  if (catalogue === null) return t('Reading the repositories…');
  if (catalogue.repositories.length === 0)
    return t('There are no repositories: name a folder or an address below to get add-ons from it.');
  return catalogue.addons.length === 0 ? t('Nothing is offered for this version of Framegauge.') : t('No add-on fits.');
}

function Problem({ text }: { text: string }) {
  return (
    <p className="addon-reason selectable" role="alert">
      <Icon name="warning" />
      <span>{text}</span>
    </p>
  );
}

function Offer({ addon }: { addon: AvailableAddon }) {
  const { actions } = useApp();
  const [working, setWorking] = useState(false);
  const { id, name, version, installed, update, blocked } = addon;
  const install = async (): Promise<void> => {
    setWorking(true);
    await actions.installFromRepository(id, name);
    setWorking(false);
  };
  return (
    <li className="addon offer">
      <div className="offer-words selectable">
        <p>
          <span className="addon-category">{addon.category}</span> <span className="addon-title">{name}</span>{' '}
          <span className="addon-tagline">{addon.tagline}</span>
        </p>
        <p className="offer-facts">
          {[
            update ? `${installed} → ${version}` : version,
            addon.author,
            addon.license,
            formatBytes(addon.bytes),
            ...addon.tags,
          ].join(' · ')}
        </p>
        {addon.permissions.map(({ permission, reason }) => (
          <p className="offer-facts" key={permission}>
            {permissionLabel(permission)}: {reason}
          </p>
        ))}
        {blocked !== null && <p className="offer-blocked">{t('Blocked: {blocked}', { blocked })}</p>}
      </div>
      {installed !== null && !update ? (
        <span className="offer-state">
          <Icon name="check" />
          {t('Installed')}
        </span>
      ) : (
        <Button
          changes
          disabled={working || blocked !== null}
          aria-label={update ? t('Update {name}', { name }) : t('Install {name}', { name })}
          onClick={() => void install()}
        >
          {working ? t('Installing…') : update ? t('Update') : t('Install')}
        </Button>
      )}
    </li>
  );
}

/** Read again when another repository is named, or an add-on has come, gone or changed its version. */
function useCatalogue(): { catalogue: AddonCatalogue | null; error: string | null; reread: () => void } {
  const { client } = useApp();
  const [catalogue, setCatalogue] = useState<AddonCatalogue | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [times, setTimes] = useState(0);
  const addresses = useAppState((state) => state.model.host?.preferences['repositories.addresses']);
  const online = useAppState((state) => state.model.host?.preferences['repositories.onlineAccess']);
  const versions = useAppState((state) =>
    state.model.host?.addons.map(({ manifest }) => `${manifest.id} ${manifest.version}`).join(),
  );
  const readOnly = useReadOnly();
  useEffect(() => {
    if (readOnly !== null) return undefined;
    let live = true;
    client.call('addon.catalogue', {}).then(
      (answer) => {
        if (!live) return;
        setCatalogue(answer);
        setError(null);
      },
      (failure: unknown) => live && setError(messageOf(failure)),
    );
    return () => {
      live = false;
    };
    // What the host answers depends on all of these.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [client, addresses, online, versions, times, readOnly]);
  return { catalogue, error, reread: () => setTimes(times + 1) };
}
