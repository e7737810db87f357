import { useId, useState } from 'react';
import type { Addon, AddonIsolation, AddonState } from '../../shared/addons';
import { isolationWords, permissionWords } from '../../shared/isolation-words';
import { messageOf } from '../../shared/user-error';
import { msg, t } from '../../shared/texts/translate';
import { useApp } from '../app-context';
import { CheckBox } from '../controls/field';
import { Icon } from '../controls/icon';
import { AddonLog } from './addon-log';
import { AddonManagement } from './addon-management';
import { AddonPreferenceGroups, AddonPreferences } from './addon-preferences';
import { AddonStatusBox } from './addon-status';

const STATE_WORDS: Record<AddonState, string> = {
  off: msg('Off'),
  starting: msg('Starting…'),
  running: msg('Running'),
  stopping: msg('Stopping…'),
  failed: msg('Failed'),
};

/** The words of shared/isolation-words.ts, which the command line says in English only. */
const ISOLATION_LEVELS: Record<AddonIsolation['level'], string> = {
  sandboxed: msg('Sandboxed'),
  restricted: msg('Restricted by Node'),
  unrestricted: msg('Unrestricted'),
};

/** One add-on: a line to switch it, which unfolds to everything about it. */
export function AddonItem({ addon }: { addon: Addon }) {
  const { client } = useApp();
  const { manifest } = addon;
  const [open, setOpen] = useState(false);
  const [error, setError] = useState<string | null>(null);
  // While it is being switched the box shows what was asked for.
  const [wanted, setWanted] = useState<boolean | null>(null);
  const bodyId = useId();
  if (wanted === addon.enabled) setWanted(null);

  const toggle = async (on: boolean): Promise<void> => {
    setWanted(on);
    try {
      const { enabled } = await client.call(on ? 'addon.enable' : 'addon.disable', { id: manifest.id });
      setError(null);
      // The list that says so comes a moment later: until then the box stays as it was set.
      if (enabled !== on) setWanted(null);
    } catch (failure) {
      setError(messageOf(failure));
      setWanted(null);
    }
  };
  const level =
    addon.state === 'failed'
      ? 'error'
      : addon.state === 'running'
        ? addon.status && addon.status.level !== 'ok'
          ? addon.status.level
          : addon.warnings.length > 0
            ? 'warning'
            : 'ok'
        : 'off';
  const reason = addon.reason ?? error;
  const permissions = permissionWords(manifest);
  const isolation = addon.isolation && {
    word: ISOLATION_LEVELS[addon.isolation.level],
    sentences: isolationWords(addon.isolation).sentences,
  };

  return (
    <li className={`addon ${open ? 'addon-open' : ''}`}>
      <div className="addon-head">
        <button
          type="button"
          className="addon-fold"
          aria-expanded={open}
          aria-controls={bodyId}
          aria-label={t('Details of {name}', { name: manifest.name })}
          onClick={() => setOpen(!open)}
        >
          <Icon name="chevron" />
        </button>
        <CheckBox
          label={t('Enable {name}', { name: manifest.name })}
          hiddenLabel
          checked={wanted ?? addon.enabled}
          busy={wanted !== null}
          onChange={(on) => void toggle(on)}
        />
        <button type="button" className="addon-name" tabIndex={-1} aria-hidden="true" onClick={() => setOpen(!open)}>
          <span className="addon-category">{manifest.category}</span>
          <bdi className="addon-title">{manifest.name}</bdi>
          <bdi className="addon-tagline">{manifest.tagline}</bdi>
        </button>
        <span className={`addon-state addon-${level}`}>
          <span className="addon-dot" aria-hidden="true" />
          {t(STATE_WORDS[addon.state])}
        </span>
      </div>
      {reason !== null && (
        <p className="addon-reason selectable" role="alert">
          <Icon name="error" />
          <span>{reason}</span>
        </p>
      )}
      {open && (
        <div className="addon-body" id={bodyId}>
          <p className="selectable">{manifest.description ?? manifest.tagline}</p>
          <AddonPreferences addon={addon} />
          <AddonStatusBox addon={addon} />
          <AddonPreferenceGroups addon={addon} />
          <section aria-label={t('About {name}', { name: manifest.name })}>
            <h3>{t('About')}</h3>
            <dl className="addon-facts selectable">
              <dt>{t('Author')}</dt>
              <dd>{manifest.author}</dd>
              <dt>{t('Version')}</dt>
              <dd>
                {manifest.version}
                {addon.bundled && t(', comes with Framegauge')}
              </dd>
              <dt>{t('Licence')}</dt>
              <dd>{manifest.license}</dd>
              <dt>{t('Folder')}</dt>
              <dd>{addon.folder}</dd>
              <dt>{t('Permissions')}</dt>
              <dd>
                {permissions.length === 0
                  ? t('Asks for none')
                  : permissions.map(({ label, text }) => <p key={label}>{`${label}: ${text}`}</p>)}
              </dd>
              <dt>{t('Isolation')}</dt>
              <dd>
                {isolation === null ? t('Told while it runs') : <strong>{t(isolation.word)}</strong>}
                {isolation !== null && <p>{isolation.sentences.map((sentence) => t(sentence)).join(' ')}</p>}
              </dd>
            </dl>
          </section>
          <AddonManagement addon={addon} />
          <AddonLog id={manifest.id} name={manifest.name} />
        </div>
      )}
    </li>
  );
}
