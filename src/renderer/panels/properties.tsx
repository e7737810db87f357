import { t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';
import { useRun } from '../commands';
import { Button } from '../controls/button';
import { useReadOnly } from '../read-only';
import { foreignJob, shownFrame } from '../app-store';
import { renderObstacle } from '../model/render-obstacle';
import { AddonPanels } from './addon-panels';
import { Area } from './area';
import { JobButtons, JobFacts } from './job-facts';
import { RenderSettings } from './render-settings/render-settings';
import { SceneFacts } from './scene-facts';
import './properties.css';

/** What the subject is: of the open scene also how it is to be rendered, of a job of another scene how it was. */
export function Properties() {
  const foreign = useAppState(foreignJob);
  const scene = useAppState((state) => state.model.host?.scene ?? null);
  const form = useAppState((state) => state.form);
  const readOnly = useReadOnly();
  return (
    <Area name={t('Properties')} className="properties">
      {foreign ? (
        <>
          <div className="properties-body scroll">
            <JobFacts job={foreign} />
            <AddonPanels place="properties" />
          </div>
          <RenderButtons />
        </>
      ) : scene && form ? (
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
          <p className="properties-empty">
            {readOnly === null ? t('Open a scene to see its render settings.') : t('No scene is open.')}
          </p>
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
  const frame = useAppState(shownFrame);
  const foreign = useAppState(foreignJob);
  const why = obstacle === null ? {} : { 'aria-disabled': true, 'aria-describedby': 'render-obstacle' };
  if (foreign)
    return (
      <div className="render-buttons">
        {readOnly !== null && <p className="render-read-only">{readOnly}</p>}
        <JobButtons job={foreign} frame={frame} />
      </div>
    );
  return (
    <div className="render-buttons">
      {readOnly !== null && <p className="render-read-only">{readOnly}</p>}
      {obstacle !== null && readOnly === null && (
        <div className="render-obstacle">
          <p id="render-obstacle">{obstacle}</p>
          <Button changes disabled={busy} onClick={() => void actions.searchAgain()}>
            {t('Search Again')}
          </Button>
        </div>
      )}
      <Button
        changes
        icon="image"
        onClick={() => run('render-image')}
        aria-keyshortcuts="F12"
        title={
          obstacle ?? t('Render a preview of frame {frame} of {scene} (F12)', { frame: String(frame ?? 1), scene })
        }
        {...why}
      >
        {t('Render Image')}
      </Button>
      <Button
        changes
        kind="primary"
        icon="film"
        onClick={() => run('render-animation')}
        aria-keyshortcuts="Control+F12"
        title={obstacle ?? t('Render the whole frame range of {scene} (Ctrl+F12)', { scene })}
        {...why}
      >
        {t('Render Animation')}
      </Button>
    </div>
  );
}
