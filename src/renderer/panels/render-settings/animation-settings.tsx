import { msg, t } from '../../../shared/texts/translate';
import { useApp } from '../../app-context';
import { CheckBox } from '../../controls/field';
import { Group } from '../../controls/group';
import { contentOf } from '../../model/scene-content';
import type { SettingsProps } from './use-render-fields';

const FIELDS = ['animations'] as const;

/** Which clips of a glTF are played, where there are several. */
export function AnimationSettings({ scene, form, fields }: SettingsProps) {
  const { actions } = useApp();
  const { animations } = contentOf(scene, form.sceneName);
  const names = [...new Set(animations.map(({ name }) => name))];
  if (names.length < 2) return null;
  const toggle = (name: string, on: boolean): void =>
    actions.setField(
      'animations',
      names.filter((one) => (one === name ? on : form.animations.includes(one))),
    );
  return (
    <Group {...fields.group(msg('Animations'), FIELDS)}>
      <p className="animations-hint">
        {form.animations.length === 0
          ? t('All animations play. Tick some to play only those.')
          : t('Only the ticked animations play.')}
      </p>
      <div className="animations scroll" role="group" aria-label={t('Animations')}>
        {names.map((name) => (
          <CheckBox
            key={name}
            label={name}
            checked={form.animations.includes(name)}
            onChange={(on) => toggle(name, on)}
          />
        ))}
      </div>
    </Group>
  );
}
