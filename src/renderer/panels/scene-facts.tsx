import { overlapWarnings } from '../../shared/animation-overlaps';
import type { BlenderScene, SceneInfo } from '../../shared/scene';
import { useApp } from '../app-context';
import { SelectField } from '../controls/field';
import { Group } from '../controls/group';
import { Icon } from '../controls/icon';
import { formatBytes, formatDuration } from '../model/format';
import { renderEngineName } from '../model/render-engine-name';
import { blenderSceneOf, contentOf, playedAnimations, sceneNames, defaultScene } from '../model/scene-content';
import type { RenderForm } from '../model/render-form';

/** What the file is, as far as it shows without rendering, and what is wrong with it. */
export function SceneFacts({ scene, form }: { scene: SceneInfo; form: RenderForm }) {
  const { actions } = useApp();
  const scenes = sceneNames(scene);
  const shown = blenderSceneOf(scene, form.sceneName);
  return (
    <Group title="Scene">
      {scene.thumbnail !== null && (
        <img className="scene-thumbnail" src={scene.thumbnail} alt={`Thumbnail of ${scene.name} from its file`} />
      )}
      <dl className="facts">
        <dt>Name</dt>
        <dd title={scene.path}>{scene.name}</dd>
        <dt>File</dt>
        <dd>
          {scene.engine === 'blender' ? `Blender${scene.blender?.version ? ` ${scene.blender.version}` : ''}` : 'glTF'},{' '}
          {formatBytes(scene.bytes)}
        </dd>
        {scene.engine !== 'blender' && <AnimationFact animations={contentOf(scene, form.sceneName).animations} />}
        {shown && <BlenderFacts shown={shown} />}
      </dl>
      {scenes.length > 1 && (
        <SelectField
          label="Scene"
          value={form.sceneName}
          options={scenes.map((name) => ({
            value: name,
            label: name === defaultScene(scene) ? `${name} (active)` : name,
          }))}
          onChange={(name) => actions.chooseSceneName(name)}
        />
      )}
      {[
        ...scene.warnings,
        ...overlapWarnings(
          scene.overlaps,
          playedAnimations(scene, form).map(({ name }) => name),
        ),
      ].map((warning) => (
        <p className="scene-warning" key={warning}>
          <Icon name="warning" />
          <span className="selectable">{warning}</span>
        </p>
      ))}
    </Group>
  );
}

function AnimationFact({ animations }: Pick<SceneInfo, 'animations'>) {
  const length = Math.max(0, ...animations.map((animation) => animation.seconds));
  const count = animations.length;
  return (
    <>
      <dt>Animation</dt>
      <dd>
        {count === 0
          ? 'None'
          : `${count === 1 ? animations[0]!.name || '1 clip' : `${count} clips`}, ${length < 60 ? `${Number(length.toFixed(2))} s` : formatDuration(length)}`}
      </dd>
    </>
  );
}

function BlenderFacts({ shown }: { shown: BlenderScene }) {
  const stereo = shown.views.length > 1;
  return (
    <>
      <dt>Engine</dt>
      <dd>{renderEngineName(shown.renderEngine)}</dd>
      {shown.viewLayers.length > 1 && (
        <>
          <dt>View layers</dt>
          <dd title={shown.viewLayers.join(', ')}>
            {shown.viewLayers.length}: {shown.viewLayers.join(', ')}
          </dd>
        </>
      )}
      {stereo && (
        <>
          <dt>Views</dt>
          <dd title="Each frame has one image per view">
            {shown.views.length} images per frame ({shown.views.join(', ')})
          </dd>
        </>
      )}
      {(shown.fileOutputs?.length ?? 0) > 0 && (
        <>
          <dt>Also writes</dt>
          <dd title={`File Output nodes: ${shown.fileOutputs!.join(', ')}`}>{shown.fileOutputs!.join(', ')}</dd>
        </>
      )}
      {shown.sequencer && (
        <>
          <dt>Source</dt>
          <dd>Video sequencer</dd>
        </>
      )}
    </>
  );
}
