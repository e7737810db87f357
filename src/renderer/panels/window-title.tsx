import { useEffect } from 'react';
import { useAppState } from '../app-context';
import { jobProgress } from '../model/format';
import { renderingJob } from '../model/job-table';

/** Puts the progress into the window's title, where it can be seen from another window. */
export function WindowTitle() {
  const title = useAppState((state) => {
    const job = renderingJob(state.model.jobs);
    if (job) return `${Math.floor(jobProgress(job) * 100)} % ${job.name} — Framegauge`;
    const scene = state.model.host?.scene;
    return scene ? `${scene.name} — Framegauge` : 'Framegauge';
  });
  useEffect(() => {
    document.title = title;
  }, [title]);
  return null;
}
