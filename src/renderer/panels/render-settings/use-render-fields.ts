import { t } from '../../../shared/texts/translate';
import type { SceneInfo } from '../../../shared/scene';
import { useApp, useAppState } from '../../app-context';
import { checkForm, formRange } from '../../model/check-form';
import { changedFields, type RenderField, type RenderForm, type TextualField } from '../../model/render-form';
import { stepped } from '../../model/typed-value';

/** What each group of settings is drawn from. */
export interface SettingsProps {
  readonly scene: SceneInfo;
  readonly form: RenderForm;
  readonly fields: RenderFields;
}

export type RenderFields = ReturnType<typeof useRenderFields>;

/** What the fields of the form have in common. */
export function useRenderFields(scene: SceneInfo, form: RenderForm) {
  const { actions } = useApp();
  const touched = useAppState((state) => state.touched);
  const unfolded = useAppState((state) => state.view.unfolded);
  const factoryStartup = useAppState((state) => state.model.host?.preferences['blender.factoryStartup'] === true);
  const errors = checkForm(form, scene.engine === 'blender');
  const changed = changedFields(form, scene, factoryStartup);
  const text = (field: TextualField) => ({
    value: form[field],
    error: touched.has(field) ? errors[field] : undefined,
    changed: changed.has(field),
    onChange: (value: string) => actions.setField(field, value),
    onCommit: () => actions.touchField(field),
  });
  return {
    errors,
    range: formRange(form),
    text,
    number: (field: TextualField, min: number) => ({
      ...text(field),
      numeric: true,
      step: (value: string, by: number) => stepped(value, by, min),
    }),
    choice: (field: TextualField) => ({
      value: form[field],
      changed: changed.has(field),
      onChange: (value: string) => actions.setField(field, value),
    }),
    changed,
    /** @param title marked by `msg` */
    group: (title: string, own: readonly RenderField[], folds = false) => {
      // What is wrong is to be seen, wherever it is.
      const open = unfolded.includes(title) || own.some((field) => touched.has(field) && errors[field] !== undefined);
      return {
        title: t(title),
        changed: own.filter((field) => changed.has(field)).length,
        onReset: () => actions.resetFields(own),
        fold: folds
          ? {
              open,
              onToggle: () =>
                actions.setView({ unfolded: open ? unfolded.filter((one) => one !== title) : [...unfolded, title] }),
            }
          : undefined,
      };
    },
  };
}
