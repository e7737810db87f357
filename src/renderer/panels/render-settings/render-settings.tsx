import type { EngineInfo } from '../../../shared/engines';
import { imageFormats, imageFormatSchema } from '../../../shared/image-format';
import { expandOutputPattern } from '../../../shared/output-pattern';
import type { SceneInfo } from '../../../shared/scene';
import { useApp, useAppState } from '../../app-context';
import { CheckBox, SelectField, TextField } from '../../controls/field';
import { Group } from '../../controls/group';
import { formatDuration, frames } from '../../model/format';
import { absoluteOutput, defaultOutput } from '../../model/output-proposal';
import { renderEngineOptions } from '../../model/render-engine-name';
import {
  blenderSceneOf,
  changedFields,
  checkForm,
  formRange,
  FRAME_ORDERS,
  stepped,
  type RenderField,
  type RenderForm,
  type TextualField,
} from '../../model/render-form';

interface Props {
  scene: SceneInfo;
  form: RenderForm;
}

const FRAMES = ['frameStart', 'frameEnd', 'frameStep', 'fps'] as const;
const IMAGE = ['width', 'height', 'percentage', 'samples', 'camera', 'renderEngine'] as const;
const OUTPUT = ['output', 'format', 'overwrite'] as const;
const BLENDER = ['installation', 'allowScripts', 'factoryStartup'] as const;
const SCHEDULING = ['workers', 'priority', 'order', 'startAt', 'after', 'attempts', 'failureShare'] as const;

/** How the scene is to be rendered: the common things open, the others folded away. */
export function RenderSettings({ scene, form }: Props) {
  const fields = useFields(scene, form);
  return (
    <>
      <FrameRange fields={fields} />
      <ImageSettings scene={scene} form={form} fields={fields} />
      <OutputSettings scene={scene} form={form} fields={fields} />
      {scene.engine === 'blender' && <BlenderSettings scene={scene} form={form} fields={fields} />}
      <SchedulingSettings form={form} fields={fields} />
    </>
  );
}

type Fields = ReturnType<typeof useFields>;

/** What the fields of the form have in common. */
function useFields(scene: SceneInfo, form: RenderForm) {
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
    group: (title: string, own: readonly RenderField[], folds = false) => {
      // What is wrong is to be seen, wherever it is.
      const open = unfolded.includes(title) || own.some((field) => touched.has(field) && errors[field] !== undefined);
      return {
        title,
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

function FrameRange({ fields }: { fields: Fields }) {
  const { range, errors, number } = fields;
  const fps = Number(number('fps', 1).value);
  const count = range ? Math.floor((range.end - range.start) / range.step) + 1 : 0;
  return (
    <Group {...fields.group('Frame Range', FRAMES)}>
      <TextField label="Frame Start" {...number('frameStart', 0)} />
      <TextField label="Frame End" {...number('frameEnd', 0)} />
      <TextField label="Frame Step" {...number('frameStep', 1)} />
      <TextField label="Frame Rate" unit="fps" {...number('fps', 1)} />
      {range && range.end >= range.start && errors.fps === undefined && (
        <p className="group-sum">
          {frames(count)}, {lasts((range.end - range.start + 1) / fps)}
        </p>
      )}
    </Group>
  );
}

function ImageSettings({ scene, form, fields }: Props & { fields: Fields }) {
  const { actions } = useApp();
  const { number, errors, choice } = fields;
  const blender = blenderSceneOf(scene, form.sceneName);
  const cameras = blender?.cameras ?? scene.cameras;
  const usual = blender
    ? blender.camera === null
      ? 'No active camera'
      : `Active (${blender.camera})`
    : cameras.length === 0
      ? 'Fitting camera'
      : `First (${cameras[0]})`;
  const sized =
    errors.width === undefined &&
    errors.height === undefined &&
    errors.percentage === undefined &&
    Number(form.percentage) !== 100;
  const part = (side: string): number => Math.max(1, Math.floor((Number(side) * Number(form.percentage)) / 100));
  return (
    <Group {...fields.group('Format', IMAGE)}>
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
        <TextField label="Samples" {...number('samples', 1)} placeholder={blender ? 'As the engine has it' : ''} />
      )}
      <SelectField
        label="Camera"
        {...choice('camera')}
        options={[{ value: '', label: usual }, ...cameras.map((name) => ({ value: name, label: name }))]}
      />
    </Group>
  );
}

function OutputSettings({ scene, form, fields }: Props & { fields: Fields }) {
  const { actions } = useApp();
  const home = useAppState((state) => state.model.host?.info.home ?? '');
  const outputDirectory = useAppState((state) => String(state.model.host?.preferences['render.outputDirectory'] ?? ''));
  const blenderScene = blenderSceneOf(scene, form.sceneName);
  const first = fields.range?.start ?? scene.frameStart;
  const proposed = defaultOutput({ scene, blenderScene, format: form.format, home, outputDirectory });
  const example = expandOutputPattern(
    absoluteOutput(form.output.trim() || proposed, scene, form.format),
    first,
    form.format,
    blenderScene?.views[0] ?? '',
  );
  return (
    <Group {...fields.group('Output', OUTPUT)}>
      <TextField
        label="Output"
        {...fields.text('output')}
        wide
        placeholder={proposed}
        hint={
          <span className="output-example" title={example}>
            Frame {first} becomes {lastParts(example)}
          </span>
        }
      />
      {scene.engine === 'blender' && (
        <SelectField
          label="File format"
          value={form.format}
          changed={fields.changed.has('format')}
          onChange={(format) => actions.setField('format', format)}
          options={imageFormatSchema.options.map((value) => ({ value, label: imageFormats[value].name }))}
          hint={blenderScene?.movie ? 'The file asks for a movie: each frame becomes an image instead.' : undefined}
        />
      )}
      <CheckBox
        label="Overwrite"
        checked={form.overwrite}
        onChange={(checked) => actions.setField('overwrite', checked)}
        title="Render frames again whose image is there already; otherwise they are skipped"
      />
    </Group>
  );
}

function BlenderSettings({ scene, form, fields }: Props & { fields: Fields }) {
  const { actions } = useApp();
  const engines = useAppState((state) => state.engines);
  const installed = (engines ?? []).filter(({ engine }) => engine === 'blender');
  return (
    <Group {...fields.group('Blender', BLENDER, true)}>
      {installed.length > 1 && (
        <SelectField label="Version" {...fields.choice('installation')} options={installationOptions(installed)} />
      )}
      <CheckBox
        label="Allow scripts"
        checked={form.allowScripts}
        onChange={(checked) => actions.setField('allowScripts', checked)}
        hint={
          scene.blender?.scripts
            ? 'This file holds scripts. They can do whatever you can: allow them only if you trust the file. Without them, rigs and drivers may stand still.'
            : 'Scripts inside of a file can do whatever you can. This file holds none that would run.'
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

/** The usual one first, by the name of what it is now. */
function installationOptions(installed: readonly EngineInfo[]): { value: string; label: string }[] {
  const usual = installed.find((one) => one.default);
  return [
    { value: '', label: usual ? `Usual (${usual.name})` : 'Usual' },
    ...installed.map((one) => ({
      value: one.id,
      label: one.problem === null ? one.name : `${one.name}, does not work`,
    })),
  ];
}

function SchedulingSettings({ form, fields }: { form: RenderForm; fields: Fields }) {
  const { text, number, choice } = fields;
  const preferences = useAppState((state) => state.model.host?.preferences);
  const orders = FRAME_ORDERS.some(({ value }) => value === form.order)
    ? FRAME_ORDERS
    : [...FRAME_ORDERS, { value: form.order, label: form.order }];
  return (
    <Group {...fields.group('Scheduling', SCHEDULING, true)}>
      <TextField label="Workers" {...number('workers', 1)} placeholder="As many as allowed" />
      <TextField label="Priority" {...number('priority', -100)} />
      <SelectField label="Frame order" {...choice('order')} options={orders} />
      <TextField label="Start time" {...text('startAt')} moment placeholder="At once" />
      <TextField label="After jobs" {...text('after')} placeholder="None" />
      <TextField label="Tries" {...number('attempts', 1)} placeholder={String(preferences?.['queue.attempts'] ?? 3)} />
      <TextField
        label="May fail"
        unit="%"
        {...number('failureShare', 0)}
        placeholder={String(preferences?.['queue.failureShare'] ?? 10)}
      />
    </Group>
  );
}

function lasts(seconds: number): string {
  return seconds < 60 ? `${seconds.toFixed(2)} s` : formatDuration(seconds);
}

/** A path's folder and file name: what tells it from others. */
function lastParts(path: string): string {
  const parts = path.split(/[/\\]/);
  return parts.length > 3 ? `…/${parts.slice(-2).join('/')}` : path;
}
