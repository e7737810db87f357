import { lazy, Suspense } from 'react';
import type { SceneInfo } from '../../shared/scene';
import { t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';
import { shownFrame } from '../app-store';
import { useRun } from '../commands';
import { Button } from '../controls/button';
import { Icon } from '../controls/icon';
import { keyWords } from '../model/key-words';
import { renderObstacle } from '../model/render-obstacle';
import { useReadOnly } from '../read-only';

// three.js is loaded with the first scene that is shown.
const SceneView = lazy(async () => ({ default: (await import('../scene-view/scene-view')).SceneView }));

/** The open scene itself: live where that can be, else as its file shows it, else in words. */
export function SceneStill({ scene }: { scene: SceneInfo }) {
  const run = useRun();
  const { actions } = useApp();
  const form = useAppState((state) => state.form);
  const frame = useAppState(shownFrame);
  const obstacle = useAppState((state) => renderObstacle(state.model.host?.scene ?? null, state.engines));
  // The read token does not give out the files of a scene.
  const live = useReadOnly() === null && scene.engine === 'gltf' && form !== null && frame !== null;
  const words = <SceneWords scene={scene} obstacle={obstacle} />;
  if (live)
    return (
      <Suspense fallback={words}>
        <SceneView scene={scene} form={form} frame={frame} />
      </Suspense>
    );
  return (
    <div className="nothing">
      {scene.thumbnail === null ? (
        <Icon name="cube" />
      ) : (
        <img
          className="scene-still"
          src={scene.thumbnail}
          alt={t('Thumbnail of {scene} from its file', { scene: scene.name })}
        />
      )}
      {words}
      <div className="nothing-actions">
        {obstacle === null ? (
          <>
            <Button
              changes
              title={t('Render frame {frame} at a quarter of its size, with few samples', {
                frame: String(frame ?? 1),
              })}
              onClick={() => void actions.renderPreview()}
            >
              {t('Preview')}
            </Button>
            <Button changes onClick={() => run('render-image')}>
              {t('Render Image')} <kbd aria-hidden="true">F12</kbd>
            </Button>
            <Button changes onClick={() => run('render-animation')}>
              {t('Render Animation')} <kbd aria-hidden="true">{keyWords('Ctrl+F12')}</kbd>
            </Button>
          </>
        ) : (
          <Button changes onClick={() => void actions.searchAgain()}>
            {t('Search Again')}
          </Button>
        )}
      </div>
    </div>
  );
}

function SceneWords({ scene, obstacle }: { scene: SceneInfo; obstacle: string | null }) {
  return (
    <>
      <p className="nothing-title">{t('{scene} is open', { scene: scene.name })}</p>
      <p>
        {obstacle ??
          (scene.thumbnail === null ? t('Nothing has been rendered yet.') : t('This is the thumbnail in its file.'))}
      </p>
    </>
  );
}
