import { expandOutputPattern } from '../../shared/output-pattern';
import type { SceneInfo } from '../../shared/scene';
import { useApp, useAppState } from '../app-store';
import { useRun } from '../commands';
import { Button } from '../controls/button';
import { CheckBox, SelectField, TextField } from '../controls/field';
import { Icon } from '../controls/icon';
import { formatBytes, formatDuration, frames } from '../model/format';
import { absoluteOutput, defaultOutput } from '../model/output-proposal';
import { checkForm, formRange, stepped, type RenderField, type RenderForm } from '../model/render-form';
import { Area } from './area';
import './properties.css';

/** What the open scene is, and how it is to be rendered. */
export function Properties() {
  const scene = useAppState((state) => state.model.host?.scene ?? null);
  const form = useAppState((state) => state.form);
  return (
    <Area name="Properties" className="properties">
      {scene && form ? (
        <>
          <div className="properties-body scroll">
            <SceneFacts scene={scene} />
            <RenderSettings scene={scene} form={form} />
          </div>
          <RenderButtons />
        </>
      ) : (
        <p className="properties-empty">Open a scene to see what can be set.</p>
      )}
    </Area>
  );
}

function SceneFacts({ scene }: { scene: SceneInfo }) {
  const length = Math.max(0, ...scene.animations.map((animation) => animation.seconds));
  const count = scene.animations.length;
  return (
    <section className="group" aria-labelledby="group-scene">
      <h3 id="group-scene">Scene</h3>
      <dl className="facts">
        <dt>Name</dt>
        <dd title={scene.path}>{scene.name}</dd>
        <dt>File</dt>
        <dd>
          {scene.engine === 'blender' ? 'Blender' : 'glTF'}, {formatBytes(scene.bytes)}
        </dd>
        <dt>Animation</dt>
        <dd>{count === 0 ? 'None' : `${count === 1 ? scene.animations[0]!.name || '1 clip' : `${count} clips`}, ${length < 60 ? `${Number(length.toFixed(2))} s` : formatDuration(length)}`}</dd>
      </dl>
      {scene.warnings.map((warning) => (
        <p className="scene-warning" key={warning}>
          <Icon name="warning" />
          <span>{warning}</span>
        </p>
      ))}
    </section>
  );
}

function RenderSettings({ scene, form }: { scene: SceneInfo; form: RenderForm }) {
  const { actions } = useApp();
  const touched = useAppState((state) => state.touched);
  const preferences = useAppState((state) => state.model.host?.preferences);
  const info = useAppState((state) => state.model.host?.info);
  const errors = checkForm(form);
  const range = formRange(form);
  const error = (field: RenderField): string | undefined => (touched.has(field) ? errors[field] : undefined);
  const text = (field: Exclude<RenderField, 'overwrite'>) => ({
    value: form[field],
    error: error(field),
    onChange: (value: string) => actions.setField(field, value),
    onCommit: () => actions.touchField(field),
  });
  const number = (field: Exclude<RenderField, 'overwrite'>, min: number) => ({ ...text(field), numeric: true, step: (value: string, by: number) => stepped(value, by, min) });
  const proposed = defaultOutput(scene, info?.home ?? '', String(preferences?.['render.outputDirectory'] ?? ''));
  const example = expandOutputPattern(absoluteOutput(form.output.trim() || proposed, scene), range?.start ?? scene.frameStart);
  return (
    <>
      <section className="group" aria-labelledby="group-frames">
        <h3 id="group-frames">Frame Range</h3>
        <TextField label="Frame Start" {...number('frameStart', 0)} />
        <TextField label="Frame End" {...number('frameEnd', 0)} />
        <TextField label="Frame Rate" unit="fps" {...number('fps', 1)} />
        {range && range.end >= range.start && errors.fps === undefined && (
          <p className="group-sum">
            {frames(range.end - range.start + 1)}, {lasts((range.end - range.start + 1) / Number(form.fps))}
          </p>
        )}
      </section>
      <section className="group" aria-labelledby="group-format">
        <h3 id="group-format">Format</h3>
        <TextField label="Width" unit="px" {...number('width', 1)} />
        <TextField label="Height" unit="px" {...number('height', 1)} />
        <TextField label="Samples" {...number('samples', 1)} />
        <SelectField
          label="Camera"
          value={form.camera}
          onChange={(value) => actions.setField('camera', value)}
          options={[{ value: '', label: scene.cameras.length === 0 ? 'Fitting camera' : `First (${scene.cameras[0]})` }, ...scene.cameras.map((name) => ({ value: name, label: name }))]}
        />
      </section>
      <section className="group" aria-labelledby="group-output">
        <h3 id="group-output">Output</h3>
        <TextField
          label="Output"
          {...text('output')}
          wide
          placeholder={proposed}
          hint={
            <span className="output-example" title={example}>
              Frame {range?.start ?? scene.frameStart} becomes {lastParts(example)}
            </span>
          }
        />
        <CheckBox label="Overwrite" checked={form.overwrite} onChange={(checked) => actions.setField('overwrite', checked)} title="Render frames again whose image is there already; otherwise they are skipped" />
        <TextField label="Workers" {...number('workers', 1)} placeholder="As many as allowed" />
      </section>
    </>
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

function RenderButtons() {
  const run = useRun();
  return (
    <div className="render-buttons">
      <Button icon="image" onClick={() => run('render-image')} aria-keyshortcuts="F12" title="Render the current frame (F12)">
        Render Image
      </Button>
      <Button kind="primary" icon="film" onClick={() => run('render-animation')} aria-keyshortcuts="Control+F12" title="Render the whole frame range (Ctrl+F12)">
        Render Animation
      </Button>
    </div>
  );
}
