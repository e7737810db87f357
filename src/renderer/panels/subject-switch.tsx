import { useApp, useAppState } from '../app-context';
import { shownKind, switchJob } from '../app-store';
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
    <span className="subject" role="group" aria-label="Shown in all areas">
      {scene !== null && (
        <button
          type="button"
          className="subject-choice"
          aria-pressed={kind === 'scene'}
          aria-label={`Show the scene ${scene}`}
          title={`Show the open scene, ${scene}, in all areas`}
          onClick={() => actions.showScene()}
        >
          <Icon name="cube" />
          <span className="subject-name">{scene}</span>
        </button>
      )}
      {job !== null && (
        <button
          type="button"
          className="subject-choice"
          aria-pressed={kind === 'job'}
          aria-label={`Show job ${job.id}, ${job.name}`}
          title={`Show job ${job.id}, ${job.name}, in all areas`}
          onClick={() => actions.showSwitchJob()}
        >
          <Icon name={job.settings.preview ? 'image' : 'film'} />
          <span className="subject-number">Job {job.id}</span>
          {other && <span className="subject-name">{job.name}</span>}
        </button>
      )}
    </span>
  );
}
