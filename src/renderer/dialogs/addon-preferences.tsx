import type { Addon, AddonPreference } from '../../shared/addons';
import { t } from '../../shared/texts/translate';
import { useApp } from '../app-context';
import { PreferenceField } from '../controls/preference-field';

/** The preferences that are always in sight. */
export function AddonPreferences({ addon }: { addon: Addon }) {
  const plain = addon.manifest.preferences.filter(({ group }) => group === undefined);
  if (plain.length === 0) return null;
  return (
    <section aria-label={t('Preferences of {name}', { name: addon.manifest.name })}>
      <h3>{t('Preferences')}</h3>
      <PreferenceForm addon={addon} preferences={plain} />
    </section>
  );
}

/** Those that the add-on puts into groups, each folded away under its name. */
export function AddonPreferenceGroups({ addon }: { addon: Addon }) {
  const groups = new Map<string, AddonPreference[]>();
  for (const preference of addon.manifest.preferences) {
    if (preference.group !== undefined)
      groups.set(preference.group, [...(groups.get(preference.group) ?? []), preference]);
  }
  return [...groups].map(([group, preferences]) => (
    <details key={group} className="addon-group">
      <summary>
        {group}
        {preferences.some(({ key, default: normal }) => (addon.preferences[key] ?? normal) !== normal) && (
          <span className="addon-group-set">{t('changed')}</span>
        )}
      </summary>
      <PreferenceForm addon={addon} preferences={preferences} />
    </details>
  ));
}

function PreferenceForm({ addon, preferences }: { addon: Addon; preferences: readonly AddonPreference[] }) {
  const { client } = useApp();
  return (
    <div className="preferences-form">
      {preferences.map((preference) => (
        <PreferenceField
          key={preference.key}
          preference={preference}
          value={addon.preferences[preference.key] ?? preference.default}
          onApply={async (value) => {
            await client.call('preferences.set', { key: `addons.${addon.manifest.id}.${preference.key}`, value });
          }}
        />
      ))}
    </div>
  );
}
