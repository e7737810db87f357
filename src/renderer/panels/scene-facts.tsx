import { overlapWarnings } from '../../shared/animation-overlaps';
import type { BlenderScene, SceneInfo } from '../../shared/scene';
import { t } from '../../shared/texts/translate';
import { inWrittenOrder } from '../../shared/texts/direction';
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
    <Group title={t('Scene')}>
      {scene.thumbnail !== null && (
        <img
          className="scene-thumbnail"
          src={scene.thumbnail}
          alt={t('Thumbnail of {name} from its file', { name: scene.name })}
        />
      )}
      <dl className="facts">
        <dt>{t('Name')}</dt>
        <dd title={inWrittenOrder(scene.path)}>{inWrittenOrder(scene.name)}</dd>
        <dt>{t('File')}</dt>
        <dd>
          {scene.engine === 'blender' ? `Blender${scene.blender?.version ? ` ${scene.blender.version}` : ''}` : 'glTF'},{' '}
          {formatBytes(scene.bytes)}
        </dd>
        {scene.engine !== 'blender' && <AnimationFact animations={contentOf(scene, form.sceneName).animations} />}
        {shown && <BlenderFacts shown={shown} />}
      </dl>
      {scenes.length > 1 && (
        <SelectField
          label={t('Scene')}
          value={form.sceneName}
          options={scenes.map((name) => ({
            value: name,
            label: name === defaultScene(scene) ? t('{name} (active)', { name }) : inWrittenOrder(name),
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
      <dt>{t('Animation')}</dt>
      <dd>
        {count === 0
          ? t('None')
          : `${count === 1 ? animations[0]!.name || t('1 clip') : t('{count} clips', { count })}, ${length < 60 ? `${Number(length.toFixed(2))} s` : formatDuration(length)}`}
      </dd>
    </>
  );
}

function BlenderFacts({ shown }: { shown: BlenderScene }) {
  const stereo = shown.views.length > 1;
  return (
    <>
      <dt>{t('Engine')}</dt>
      <dd>{renderEngineName(shown.renderEngine)}</dd>
      {shown.viewLayers.length > 1 && (
        <>
          <dt>{t('View layers')}</dt>
          <dd title={inWrittenOrder(shown.viewLayers.join(', '))}>
            {shown.viewLayers.length}: {inWrittenOrder(shown.viewLayers.join(', '))}
          </dd>
        </>
      )}
      {stereo && (
        <>
          <dt>{t('Views')}</dt>
          <dd title={t('Each frame has one image per view')}>
            {t('{count} images per frame ({views})', { count: shown.views.length, views: shown.views.join(', ') })}
          </dd>
        </>
      )}
      {(shown.fileOutputs?.length ?? 0) > 0 && (
        <>
          <dt>{t('Also writes')}</dt>
          <dd title={t('File Output nodes: {names}', { names: shown.fileOutputs!.join(', ') })}>
            {inWrittenOrder(shown.fileOutputs!.join(', '))}
          </dd>
        </>
      )}
      {shown.sequencer && (
        <>
          <dt>{t('Source')}</dt>
          <dd>{t('Video sequencer')}</dd>
        </>
      )}
    </>
  );
}
