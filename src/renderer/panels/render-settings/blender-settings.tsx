import type { EngineInfo } from '../../../shared/engines';
import { msg, t } from '../../../shared/texts/translate';
import { useApp, useAppState } from '../../app-context';
import { CheckBox, SelectField } from '../../controls/field';
import { Group } from '../../controls/group';
import type { SettingsProps } from './use-render-fields';

const FIELDS = ['installation', 'allowScripts', 'factoryStartup'] as const;

export function BlenderSettings({ scene, form, fields }: SettingsProps) {
  const { actions } = useApp();
  const engines = useAppState((state) => state.engines);
  const installed = (engines ?? []).filter(({ engine }) => engine === 'blender');
  return (
    <Group {...fields.group(msg('Blender'), FIELDS, true)}>
      {installed.length > 1 && (
        <SelectField label={t('Version')} {...fields.choice('installation')} options={installationOptions(installed)} />
      )}
      <CheckBox
        label={t('Allow scripts')}
        checked={form.allowScripts}
        onChange={(checked) => actions.setField('allowScripts', checked)}
        hint={
          scene.blender?.scripts
            ? t(
                'This file contains scripts, which can do anything that you can: allow them only if you trust the file. Without them, rigs and drivers may not work.',
              )
            : t('This file contains no scripts that would run. Scripts can do anything that you can.')
        }
      />
      <CheckBox
        label={t('Factory startup')}
        checked={form.factoryStartup}
        onChange={(checked) => actions.setField('factoryStartup', checked)}
        hint={t('Start Blender without your own settings and add-ons.')}
      />
    </Group>
  );
}

/** The default first, by the name of what it is now. */
function installationOptions(installed: readonly EngineInfo[]): { value: string; label: string }[] {
  const preferred = installed.find((one) => one.default);
  return [
    { value: '', label: preferred ? t('Default ({name})', { name: preferred.name }) : t('Default') },
    ...installed.map((one) => ({
      value: one.id,
      label: one.problem === null ? one.name : t('{name} (does not work)', { name: one.name }),
    })),
  ];
}
