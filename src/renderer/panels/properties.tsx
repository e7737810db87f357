import { useApp, useAppState } from '../app-context';
import { useRun } from '../commands';
import { Button } from '../controls/button';
import { useReadOnly } from '../read-only';
import { frameToRender, showsOtherScene, shownJob } from '../app-store';
import { shortestApart } from '../model/host-path';
import { renderObstacle } from '../model/render-obstacle';
import { AddonPanels } from './addon-panels';
import { Area } from './area';
import { RenderSettings } from './render-settings/render-settings';
import { SceneFacts } from './scene-facts';
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
            <SceneFacts scene={scene} form={form} />
            {(scene.engine !== 'blender' || scene.blender !== null) && <RenderSettings scene={scene} form={form} />}
            <AddonPanels place="properties" />
          </div>
          <RenderButtons />
        </>
      ) : (
        <>
          <p className="properties-empty">Open a scene to see its render settings.</p>
          <AddonPanels place="properties" />
        </>
      )}
    </Area>
  );
}

function RenderButtons() {
  const run = useRun();
  const { actions } = useApp();
  const obstacle = useAppState((state) => renderObstacle(state.model.host?.scene ?? null, state.engines));
  const readOnly = useReadOnly();
  const busy = useAppState((state) => state.busy !== null);
  const scene = useAppState((state) => state.model.host?.scene?.name ?? '');
  const frame = useAppState(frameToRender);
  const other = useAppState((state) => (showsOtherScene(state) ? shownJob(state) : null));
  const path = useAppState((state) => state.model.host?.scene?.path ?? '');
  const [imageFile, openFile] = shortestApart(other?.settings.scene ?? '', path);
  const why = obstacle === null ? {} : { 'aria-disabled': true, 'aria-describedby': 'render-obstacle' };
  return (
    <div className="render-buttons">
      {readOnly !== null && <p className="render-read-only">{readOnly}</p>}
      {obstacle !== null && readOnly === null && (
        <div className="render-obstacle">
          <p id="render-obstacle">{obstacle}</p>
          <Button changes disabled={busy} onClick={() => void actions.searchAgain()}>
            Search Again
          </Button>
        </div>
      )}
      {other !== null && readOnly === null && (
        <div className="render-obstacle render-other">
          <p>
            The image is from {imageFile}; these settings are for {openFile}.
          </p>
          <Button changes disabled={busy} onClick={() => void actions.openSceneOf(other)}>
            Open {other.name}
          </Button>
        </div>
      )}
      <Button
        changes
        icon="image"
        onClick={() => run('render-image')}
        aria-keyshortcuts="F12"
        title={obstacle ?? `Render a preview of frame ${frame ?? 1} of ${scene} (F12)`}
        {...why}
      >
        Render Image
      </Button>
      <Button
        changes
        kind="primary"
        icon="film"
        onClick={() => run('render-animation')}
        aria-keyshortcuts="Control+F12"
        title={obstacle ?? `Render the whole frame range of ${scene} (Ctrl+F12)`}
        {...why}
      >
        Render Animation
      </Button>
    </div>
  );
}
