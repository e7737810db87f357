import { useState, type KeyboardEvent } from 'react';
import { hostPreferenceSections } from '../../shared/host-preferences';
import { LANGUAGE_CHOICES, LANGUAGES } from '../../shared/texts/languages';
import { msg, t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';
import { Dialog } from '../controls/dialog';
import { CheckBox, SelectField } from '../controls/field';
import { QUEUE_DENSITIES } from '../model/view-settings';
import { PreferenceField } from '../controls/preference-field';
import { ReadOnly, useReadOnly } from '../read-only';
import { askForNotifications, notificationRight } from '../notify';
import { AddonList } from './addon-list';
import { EngineList } from './engine-list';
import { GetAddons } from './get-addons';
import { LendMachine } from './lend-machine';
import { KeymapSection } from './keymap-section';
import './preferences-dialog.css';

const HOST_SECTIONS = hostPreferenceSections.map(({ id, label }) => ({ id, label }));
const FIRST = ['addons', 'repositories'];
const SECTIONS = [
  ...HOST_SECTIONS.filter(({ id }) => FIRST.includes(id)),
  ...HOST_SECTIONS.filter(({ id }) => !FIRST.includes(id)),
  ...(HOST_SECTIONS.some(({ id }) => id === 'blender') ? [] : [{ id: 'blender', label: msg('Blender') }]),
  { id: 'interface', label: msg('Interface') },
  { id: 'system', label: msg('System') },
];

/** Those in which nothing asks the host for a change; the repositories say themselves what can't be done. */
const OWN_SECTIONS = ['repositories', 'interface', 'system'];

/** Sections at the left, the chosen one at the right; every change is applied and stored at once. */
export function PreferencesDialog() {
  const { actions, client } = useApp();
  const begin = useAppState((state) => state.preferencesSection);
  const [section, setSection] = useState(begin);
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = SECTIONS.findIndex(({ id }) => id === section);
    const to =
      event.key === 'ArrowDown'
        ? at + 1
        : event.key === 'ArrowUp'
          ? at - 1
          : event.key === 'Home'
            ? 0
            : event.key === 'End'
              ? SECTIONS.length - 1
              : null;
    if (to === null) return;
    event.preventDefault();
    const next = SECTIONS[(to + SECTIONS.length) % SECTIONS.length]!;
    setSection(next.id);
    document.getElementById(`section-${next.id}`)?.focus();
  };
  return (
    <Dialog title={t('Preferences')} size="large" onClose={() => actions.showDialog(null)}>
      <div className="preferences">
        <div
          className="preferences-sections"
          role="tablist"
          aria-label={t('Sections')}
          aria-orientation="vertical"
          onKeyDown={onKeyDown}
        >
          {SECTIONS.map(({ id, label }) => (
            <button
              type="button"
              key={id}
              id={`section-${id}`}
              role="tab"
              aria-selected={id === section}
              aria-controls="section-panel"
              tabIndex={id === section ? 0 : -1}
              data-autofocus={id === section ? '' : undefined}
              className="row preferences-section"
              onClick={() => setSection(id)}
            >
              {t(label)}
            </button>
          ))}
        </div>
        <div
          className="preferences-panel scroll"
          id="section-panel"
          role="tabpanel"
          aria-labelledby={`section-${section}`}
        >
          {!OWN_SECTIONS.includes(section) && <ViewOnly />}
          {section === 'addons' && <AddonList />}
          {section === 'repositories' && <GetAddons />}
          {section === 'interface' && (
            <ReadOnly value={null}>
              <InterfaceSection />
            </ReadOnly>
          )}
          {section === 'system' && <SystemSection />}
          {section === 'keymap' ? <KeymapSection /> : <HostSection id={section} key={section} />}
          {section === 'blender' && <EngineList />}
          {section === 'farm' && client.lending && <LendMachine client={client.lending} />}
        </div>
      </div>
    </Dialog>
  );
}

/** Why everything below is disabled, where it is. */
function ViewOnly() {
  const readOnly = useReadOnly();
  return readOnly !== null && <p className="preferences-view-only">{readOnly}</p>;
}

/** Preferences of the host itself, drawn from their declarations. */
function HostSection({ id }: { id: string }) {
  const { client } = useApp();
  const values = useAppState((state) => state.model.host?.preferences);
  const section = hostPreferenceSections.find((one) => one.id === id);
  if (!section) return null;
  return (
    <div className="preferences-form">
      {section.preferences.map((preference) => (
        <PreferenceField
          key={preference.key}
          preference={translated(preference)}
          value={values?.[`${id}.${preference.key}`] ?? preference.default}
          onApply={async (value) => {
            await client.call('preferences.set', { key: `${id}.${preference.key}`, value });
          }}
        />
      ))}
    </div>
  );
}

/** The host's own preferences are declared in English. */
function translated<P extends { label: string; description?: string | undefined }>(preference: P): P {
  const { label, description } = preference;
  return { ...preference, label: t(label), description: description === undefined ? undefined : t(description) };
}

/** How this window shows things; kept by the window, not by the host. */
function InterfaceSection() {
  const { actions, client } = useApp();
  const view = useAppState((state) => state.view);
  const [right, setRight] = useState(() => notificationRight(client.shell));
  const askAndSet = async (wanted: boolean): Promise<void> => {
    const given = wanted ? await askForNotifications(client.shell) : right;
    setRight(given);
    actions.setView({ notify: wanted && given === 'granted' });
  };
  return (
    <div className="preferences-form">
      <SelectField
        label={t('Language')}
        value={view.language}
        options={LANGUAGE_CHOICES.map((value) => ({
          value,
          label: value === 'auto' ? t('Automatic') : LANGUAGES[value],
        }))}
        hint={t('Messages from the host and from add-ons stay in English.')}
        onChange={(language) => actions.setView({ language })}
      />
      <CheckBox
        label={t('Checkerboard behind images')}
        checked={view.backdrop === 'checker'}
        hint={t('Shows which parts of an image are transparent.')}
        onChange={(checked) => actions.setView({ backdrop: checked ? 'checker' : 'neutral' })}
      />
      <CheckBox
        label={t('Fit images to the window')}
        checked={view.zoom === 'fit'}
        hint={t('Otherwise one image pixel is one screen pixel.')}
        onChange={(checked) => actions.setView({ zoom: checked ? 'fit' : 'full' })}
      />
      <SelectField
        label={t('Queue')}
        value={view.queue.density}
        options={QUEUE_DENSITIES.map(({ value, label }) => ({ value, label: t(label) }))}
        hint={t('Automatic draws a card for each of few jobs, and a line for each of many.')}
        onChange={(density) => actions.setQueueView({ density })}
      />
      <CheckBox
        label={t('Show finished jobs')}
        checked={view.finished}
        hint={t('Lists finished jobs below the queued ones.')}
        onChange={(finished) => actions.setView({ finished })}
      />
      {client.shell === 'headless' && (
        <CheckBox
          label={t('Notify in this browser')}
          checked={view.notify && right === 'granted'}
          disabled={right === 'unavailable'}
          hint={
            right === 'unavailable'
              ? t('This browser shows notifications only for pages on its own machine, or reached by https.')
              : right === 'denied'
                ? t('Notifications from this page are blocked in the browser: allow them in its address bar.')
                : t('Tells you when a job ends while this page is open in the background.')
          }
          onChange={(checked) => void askAndSet(checked)}
        />
      )}
    </div>
  );
}

function SystemSection() {
  const info = useAppState((state) => state.model.host?.info);
  if (!info) return null;
  return (
    <dl className="preferences-facts selectable">
      <dt>{t('Version')}</dt>
      <dd>{info.version}</dd>
      <dt>{t('Shell')}</dt>
      <dd>{info.shell === 'desktop' ? t('Desktop') : t('Headless, with this page as its window')}</dd>
      <dt>{t('Platform')}</dt>
      <dd>{info.platform}</dd>
      <dt>{t('Process')}</dt>
      <dd>{info.pid}</dd>
      <dt>{t('Data folder')}</dt>
      <dd>{info.dataFolder}</dd>
    </dl>
  );
}
