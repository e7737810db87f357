import { useEffect } from 'react';
import { t } from '../../shared/texts/translate';
import { useAppState } from '../app-context';
import { jobProgress } from '../model/format';
import { renderingJob } from '../model/job-table';

/** Puts the progress into the window's title, where it can be seen from another window. */
export function WindowTitle() {
  const title = useAppState((state) => {
    const job = renderingJob(state.model.jobs);
    if (job)
      return t('{percent} % {name} — Framegauge', { percent: Math.floor(jobProgress(job) * 100), name: job.name });
    const scene = state.model.host?.scene;
    return scene ? t('{name} — Framegauge', { name: scene.name }) : 'Framegauge';
  });
  useEffect(() => {
    document.title = title;
  }, [title]);
  return null;
}
