import { renderDeviceSchema, type RenderDevice } from '../../../shared/jobs';
import { msg, t } from '../../../shared/texts/translate';
import { useApp } from '../../app-context';
import { CheckBox, SelectField, TextField } from '../../controls/field';
import { Group } from '../../controls/group';
import { renderEngineOptions } from '../../model/render-engine-name';
import { blenderSceneOf, contentOf } from '../../model/scene-content';
import type { SettingsProps } from './use-render-fields';

const FIELDS = ['width', 'height', 'percentage', 'samples', 'camera', 'renderEngine', 'transparent', 'device'] as const;

const BACKGROUNDS = [
  { value: '', label: msg('From the scene') },
  { value: 'yes', label: msg('Transparent') },
  { value: 'no', label: msg('Opaque') },
] as const;

const DEVICE_NAMES: Record<RenderDevice, string> = {
  cpu: 'CPU',
  gpu: msg('Any GPU'),
  cuda: 'CUDA',
  optix: 'OptiX',
  hip: 'HIP',
  oneapi: 'oneAPI',
  metal: 'Metal',
};
const DEVICES = [
  { value: '', label: msg('From the file') },
  ...renderDeviceSchema.options.map((value) => ({ value, label: DEVICE_NAMES[value] })),
] as const;

const inLanguage = (options: readonly { value: string; label: string }[]): { value: string; label: string }[] =>
  options.map(({ value, label }) => ({ value, label: t(label) }));

export function ImageSettings({ scene, form, fields }: SettingsProps) {
  const { actions } = useApp();
  const { number, errors, choice } = fields;
  const blender = blenderSceneOf(scene, form.sceneName);
  const { cameras } = contentOf(scene, form.sceneName);
  const defaultCamera = blender
    ? blender.camera === null
      ? t('No active camera')
      : t('Active ({camera})', { camera: blender.camera })
    : cameras.length === 0
      ? t('Automatic, fits the scene')
      : t('First ({camera})', { camera: cameras[0]! });
  const sized =
    errors.width === undefined &&
    errors.height === undefined &&
    errors.percentage === undefined &&
    Number(form.percentage) !== 100;
  const part = (side: string): number => Math.max(1, Math.floor((Number(side) * Number(form.percentage)) / 100));
  return (
    <Group {...fields.group(msg('Format'), FIELDS)}>
      <TextField label={t('Width')} unit="px" {...number('width', 1)} />
      <TextField label={t('Height')} unit="px" {...number('height', 1)} />
      {blender && (
        <TextField
          label={t('Percentage')}
          unit="%"
          {...number('percentage', 1)}
          hint={
            sized ? t('{width} × {height} pixels', { width: part(form.width), height: part(form.height) }) : undefined
          }
        />
      )}
      {blender && (
        <SelectField
          label={t('Engine')}
          {...choice('renderEngine')}
          options={renderEngineOptions(blender.renderEngine)}
          onChange={(engine) => actions.chooseRenderEngine(engine)}
        />
      )}
      {(!blender || form.renderEngine !== 'workbench' || form.samples !== '') && (
        <TextField label={t('Samples')} {...number('samples', 1)} placeholder={blender ? t('Engine default') : ''} />
      )}
      <SelectField
        label={t('Camera')}
        {...choice('camera')}
        options={[{ value: '', label: defaultCamera }, ...cameras.map((name) => ({ value: name, label: name }))]}
      />
      {blender ? (
        <SelectField label={t('Background')} {...choice('transparent')} options={inLanguage(BACKGROUNDS)} />
      ) : (
        <CheckBox
          label={t('Transparent background')}
          checked={form.transparent === 'yes'}
          onChange={(checked) => actions.setField('transparent', checked ? 'yes' : '')}
        />
      )}
      {form.renderEngine === 'cycles' && (
        <SelectField label={t('Device')} {...choice('device')} options={inLanguage(DEVICES)} />
      )}
    </Group>
  );
}
