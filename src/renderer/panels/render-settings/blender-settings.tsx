import type { EngineInfo } from '../../../shared/engines';
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
    <Group {...fields.group('Blender', FIELDS, true)}>
      {installed.length > 1 && (
        <SelectField label="Version" {...fields.choice('installation')} options={installationOptions(installed)} />
      )}
      <CheckBox
        label="Allow scripts"
        checked={form.allowScripts}
        onChange={(checked) => actions.setField('allowScripts', checked)}
        hint={
          scene.blender?.scripts
            ? 'This file contains scripts, which can do anything that you can: allow them only if you trust the file. Without them, rigs and drivers may not work.'
            : 'This file contains no scripts that would run. Scripts can do anything that you can.'
        }
      />
      <CheckBox
        label="Factory startup"
        checked={form.factoryStartup}
        onChange={(checked) => actions.setField('factoryStartup', checked)}
        hint="Start Blender without your own settings and add-ons."
      />
    </Group>
  );
}

/** The default first, by the name of what it is now. */
function installationOptions(installed: readonly EngineInfo[]): { value: string; label: string }[] {
  const preferred = installed.find((one) => one.default);
  return [
    { value: '', label: preferred ? `Default (${preferred.name})` : 'Default' },
    ...installed.map((one) => ({
      value: one.id,
      label: one.problem === null ? one.name : `${one.name} (does not work)`,
    })),
  ];
}
