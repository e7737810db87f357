import { t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';
import { Button } from '../controls/button';
import { saveText } from '../controls/save-text';
import { jobsIn, RANGES } from '../model/chart-data';
import { statisticsCsv } from '../model/statistics-csv';
import type { Shown } from './use-shown-statistics';

/** As many jobs as a person looks through; the newest. */
const JOBS_LISTED = 100;

/** Of which job and of when the charts are, and the way to take their values elsewhere. */
export function StatisticsTools({ shown }: { shown: Shown | null }) {
  const { actions, store } = useApp();
  const range = useAppState((state) => state.view.range);
  const zoomed = useAppState((state) => state.statistics.zoom !== null);
  const exportCsv = (): void => {
    if (!shown) return;
    const { byId } = store.getState().model.jobs;
    const csv = statisticsCsv({ ...shown, jobName: (id) => byId.get(id)?.name ?? '' });
    const day = new Date(shown.window.to).toISOString().slice(0, 19).replaceAll(':', '-');
    saveText(csv, `framegauge-statistics-${day}.csv`, 'text/csv');
  };
  return (
    <div className="statistics-range" role="group" aria-label={t('What is shown')}>
      <JobChoice />
      {(['minutes', 'hour'] as const).map((one) => (
        <Button
          key={one}
          kind="bare"
          aria-pressed={range === one && !zoomed}
          title={t('Show {words}', { words: t(RANGES[one].words) })}
          onClick={() => {
            actions.setStatisticsView({ zoom: null });
            actions.setView({ range: one });
          }}
        >
          {t(RANGES[one].label)}
        </Button>
      ))}
      {zoomed && (
        <Button
          kind="bare"
          icon="cross"
          title={t('Back to {range} (0, or a double click)', { range: t(RANGES[range].words) })}
          onClick={() => actions.setStatisticsView({ zoom: null })}
        >
          {t('Range')}
        </Button>
      )}
      <Button
        kind="bare"
        disabled={shown === null}
        title={t('Save what is shown as a table: CSV, for spreadsheets')}
        onClick={exportCsv}
      >
        {t('Export CSV…')}
      </Button>
    </div>
  );
}

function JobChoice() {
  const { actions } = useApp();
  const job = useAppState((state) => state.statistics.job);
  const known = useAppState((state) => state.model.statistics);
  const byId = useAppState((state) => state.model.jobs.byId);
  const ids = known ? jobsIn(known.samples, [...known.frameTimes, ...known.failures]).slice(0, JOBS_LISTED) : [];
  const listed = job === null || ids.includes(job) ? ids : [job, ...ids];
  return (
    <select
      className="input select statistics-job"
      aria-label={t('Job')}
      value={job ?? ''}
      onChange={({ target: { value } }) => actions.setStatisticsView({ job: value === '' ? null : Number(value) })}
    >
      <option value="">{t('All jobs')}</option>
      {listed.map((id) => (
        <option key={id} value={id}>
          {`#${id} ${byId.get(id)?.name ?? ''}`.trim()}
        </option>
      ))}
    </select>
  );
}
