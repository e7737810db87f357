import { t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';
import { shownKind, switchJob } from '../app-store';
import { CutText } from '../controls/cut-text';
import { Icon } from '../controls/icon';
import './subject-switch.css';

/** What the areas speak of, the open scene or a job, and the way from one to the other. */
export function SubjectSwitch() {
  const { actions } = useApp();
  const kind = useAppState(shownKind);
  const scene = useAppState((state) => state.model.host?.scene?.name ?? null);
  const job = useAppState(switchJob);
  if (kind === 'none') return null;
  // The scene's own job needs no second name.
  const other = job !== null && job.name !== scene;
  return (
    <span className="subject" role="group" aria-label={t('Shown in all areas')}>
      {scene !== null && (
        <button
          type="button"
          className="subject-choice"
          aria-pressed={kind === 'scene'}
          aria-label={t('Show the scene {scene}', { scene })}
          title={t('Show the open scene, {scene}, in all areas', { scene })}
          onClick={() => actions.showScene()}
        >
          <Icon name="cube" />
          <span className="subject-name">
            <CutText text={scene} />
          </span>
        </button>
      )}
      {job !== null && (
        <button
          type="button"
          className="subject-choice"
          aria-pressed={kind === 'job'}
          aria-label={t('Show job {id} {name}', { id: String(job.id), name: job.name })}
          title={t('Show job {id}, {name}, in all areas', { id: String(job.id), name: job.name })}
          onClick={() => actions.showSwitchJob()}
        >
          <Icon name={job.settings.preview ? 'image' : 'film'} />
          <span className="subject-number">{t('Job {id}', { id: String(job.id) })}</span>{' '}
          {other && (
            <span className="subject-name">
              <CutText text={job.name} />
            </span>
          )}
        </button>
      )}
    </span>
  );
}
