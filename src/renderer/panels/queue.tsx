import { shownJob, useAppState } from '../app-store';
import { formatCount } from '../model/format';
import { isFinished } from '../model/host-model';
import { Area } from './area';
import { JobCard } from './job-card';
import './queue.css';

/** All jobs, in the host's order. */
export function Queue() {
  const jobs = useAppState((state) => state.model.host?.jobs ?? NONE);
  const shownId = useAppState((state) => shownJob(state)?.id ?? null);
  const open = jobs.filter((job) => !isFinished(job)).length;
  return (
    <Area name="Queue" className="queue" tools={<span className="dim">{jobs.length === 0 ? '' : open === 0 ? 'All finished' : `${formatCount(open)} to do`}</span>}>
      {jobs.length === 0 ? (
        <p className="queue-empty">No jobs yet. Press F12 to render the current frame, or Ctrl+F12 for the whole animation.</p>
      ) : (
        <ol className="queue-list scroll" aria-label="Jobs">
          {jobs.map((job) => (
            <JobCard key={job.id} job={job} shown={job.id === shownId} />
          ))}
        </ol>
      )}
    </Area>
  );
}

const NONE: readonly never[] = [];
