import { renderDeviceSchema, type RenderDevice } from '../../../shared/jobs';
import { useApp } from '../../app-context';
import { CheckBox, SelectField, TextField } from '../../controls/field';
import { Group } from '../../controls/group';
import { renderEngineOptions } from '../../model/render-engine-name';
import { blenderSceneOf, contentOf } from '../../model/scene-content';
import type { SettingsProps } from './use-render-fields';

const FIELDS = ['width', 'height', 'percentage', 'samples', 'camera', 'renderEngine', 'transparent', 'device'] as const;

const BACKGROUNDS = [
  { value: '', label: 'From the scene' },
  { value: 'yes', label: 'Transparent' },
  { value: 'no', label: 'Opaque' },
] as const;

const DEVICE_NAMES: Record<RenderDevice, string> = {
  cpu: 'CPU',
  gpu: 'Any GPU',
  cuda: 'CUDA',
  optix: 'OptiX',
  hip: 'HIP',
  oneapi: 'oneAPI',
  metal: 'Metal',
};
const DEVICES = [
  { value: '', label: 'From the file' },
  ...renderDeviceSchema.options.map((value) => ({ value, label: DEVICE_NAMES[value] })),
] as const;

export function ImageSettings({ scene, form, fields }: SettingsProps) {
  const { actions } = useApp();
  const { number, errors, choice } = fields;
  const blender = blenderSceneOf(scene, form.sceneName);
  const { cameras } = contentOf(scene, form.sceneName);
  const defaultCamera = blender
    ? blender.camera === null
      ? 'No active camera'
      : `Active (${blender.camera})`
    : cameras.length === 0
      ? 'Automatic, fits the scene'
      : `First (${cameras[0]})`;
  const sized =
    errors.width === undefined &&
    errors.height === undefined &&
    errors.percentage === undefined &&
    Number(form.percentage) !== 100;
  const part = (side: string): number => Math.max(1, Math.floor((Number(side) * Number(form.percentage)) / 100));
  return (
    <Group {...fields.group('Format', FIELDS)}>
      <TextField label="Width" unit="px" {...number('width', 1)} />
      <TextField label="Height" unit="px" {...number('height', 1)} />
      {blender && (
        <TextField
          label="Percentage"
          unit="%"
          {...number('percentage', 1)}
          hint={sized ? `${part(form.width)} × ${part(form.height)} pixels` : undefined}
        />
      )}
      {blender && (
        <SelectField
          label="Engine"
          {...choice('renderEngine')}
          options={renderEngineOptions(blender.renderEngine)}
          onChange={(engine) => actions.chooseRenderEngine(engine)}
        />
      )}
      {(!blender || form.renderEngine !== 'workbench' || form.samples !== '') && (
        <TextField label="Samples" {...number('samples', 1)} placeholder={blender ? 'Engine default' : ''} />
      )}
      <SelectField
        label="Camera"
        {...choice('camera')}
        options={[{ value: '', label: defaultCamera }, ...cameras.map((name) => ({ value: name, label: name }))]}
      />
      {blender ? (
        <SelectField label="Background" {...choice('transparent')} options={BACKGROUNDS} />
      ) : (
        <CheckBox
          label="Transparent background"
          checked={form.transparent === 'yes'}
          onChange={(checked) => actions.setField('transparent', checked ? 'yes' : '')}
        />
      )}
      {form.renderEngine === 'cycles' && <SelectField label="Device" {...choice('device')} options={DEVICES} />}
    </Group>
  );
}
