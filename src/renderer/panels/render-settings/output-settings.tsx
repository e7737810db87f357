import { IMAGE_FORMATS, imageFormats } from '../../../shared/image-format';
import { expandOutputPattern } from '../../../shared/output-pattern';
import { inWrittenOrder } from '../../../shared/texts/direction';
import { msg, t } from '../../../shared/texts/translate';
import { useApp, useAppState } from '../../app-context';
import { CheckBox, SelectField, TextField } from '../../controls/field';
import { Group } from '../../controls/group';
import { OutputBrowse } from '../../controls/output-browse';
import { absoluteOutput, defaultOutput } from '../../model/output-proposal';
import { blenderSceneOf, defaultScene } from '../../model/scene-content';
import type { SettingsProps } from './use-render-fields';

const FIELDS = ['output', 'format', 'overwrite'] as const;

export function OutputSettings({ scene, form, fields }: SettingsProps) {
  const { actions } = useApp();
  const home = useAppState((state) => state.model.host?.info.home ?? '');
  const outputDirectory = useAppState((state) => String(state.model.host?.preferences['render.outputDirectory'] ?? ''));
  const blenderScene = blenderSceneOf(scene, form.sceneName);
  const first = fields.range?.start ?? scene.frameStart;
  const chosen = [
    form.sceneName === defaultScene(scene) ? '' : form.sceneName,
    form.animations.join('+'),
    form.camera,
  ].filter((part) => part !== '');
  const proposed = defaultOutput({ scene, blenderScene, chosen, format: form.format, home, outputDirectory });
  const output = absoluteOutput(form.output.trim() || proposed, scene, form.format);
  const example = expandOutputPattern(output, first, form.format, blenderScene?.views[0] ?? '');
  return (
    <Group {...fields.group(msg('Output'), FIELDS)}>
      <TextField
        label={t('Output')}
        {...fields.text('output')}
        wide
        placeholder={proposed}
        tool={<OutputBrowse output={output} onChange={(chosen) => actions.setField('output', chosen)} />}
        hint={
          <span className="output-example" title={inWrittenOrder(example)}>
            {t('Frame {first} becomes {path}', { first, path: lastParts(example) })}
          </span>
        }
      />
      {scene.engine === 'blender' && (
        <SelectField
          label={t('File format')}
          value={form.format}
          changed={fields.changed.has('format')}
          onChange={(format) => actions.setField('format', format)}
          options={IMAGE_FORMATS.map((value) => ({ value, label: imageFormats[value].name }))}
          hint={
            blenderScene?.movie
              ? t('The file is set to write a movie: each frame is written as an image instead.')
              : undefined
          }
        />
      )}
      <CheckBox
        label={t('Overwrite')}
        checked={form.overwrite}
        onChange={(checked) => actions.setField('overwrite', checked)}
        title={t('Replace existing images; when off, you are asked first')}
      />
    </Group>
  );
}

/** A path's folder and file name: what tells it from others. */
function lastParts(path: string): string {
  const parts = path.split(/[/\\]/);
  return parts.length > 3 ? `…/${parts.slice(-2).join('/')}` : path;
}
