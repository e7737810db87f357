import { useApp, useAppState } from '../app-context';
import { useRun } from '../commands';
import { Button } from '../controls/button';
import { renderObstacle } from '../model/render-obstacle';
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
          </div>
          <RenderButtons />
        </>
      ) : (
        <p className="properties-empty">Open a scene to see what can be set.</p>
      )}
    </Area>
  );
}

function RenderButtons() {
  const run = useRun();
  const { actions } = useApp();
  const obstacle = useAppState((state) => renderObstacle(state.model.host?.scene ?? null, state.engines));
  const busy = useAppState((state) => state.busy !== null);
  const why = obstacle === null ? {} : { 'aria-disabled': true, 'aria-describedby': 'render-obstacle' };
  return (
    <div className="render-buttons">
      {obstacle !== null && (
        <div className="render-obstacle">
          <p id="render-obstacle">{obstacle}</p>
          <Button disabled={busy} onClick={() => void actions.lookAgain()}>
            Look Again
          </Button>
        </div>
      )}
      <Button
        icon="image"
        onClick={() => run('render-image')}
        aria-keyshortcuts="F12"
        title={obstacle ?? 'Render the current frame (F12)'}
        {...why}
      >
        Render Image
      </Button>
      <Button
        kind="primary"
        icon="film"
        onClick={() => run('render-animation')}
        aria-keyshortcuts="Control+F12"
        title={obstacle ?? 'Render the whole frame range (Ctrl+F12)'}
        {...why}
      >
        Render Animation
      </Button>
    </div>
  );
}
