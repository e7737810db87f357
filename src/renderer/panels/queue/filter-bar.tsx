import { useMemo, type KeyboardEvent } from 'react';
import type { JobState } from '../../../shared/jobs';
import { t } from '../../../shared/texts/translate';
import { useApp, useAppState } from '../../app-context';
import { Button } from '../../controls/button';
import { Icon } from '../../controls/icon';
import { formatCount, JOB_STATE_WORDS } from '../../model/format';
import { COLUMNS } from '../../model/queue-columns';
import { CHIP_STATES, stateCounts } from '../../model/queue-filter';
import { STATE_ICONS } from './job-card';
import './filter-bar.css';

/** The search field, and a chip for each state that there are jobs in. */
export function FilterBar() {
  const { actions, store } = useApp();
  const filter = useAppState((state) => state.filter);
  const sort = useAppState((state) => state.view.queue.sort);
  const open = useAppState((state) => state.model.jobs.open);
  const finished = useAppState((state) => state.model.jobs.finished);
  // A job that changes its state changes one of the lists.
  // oxlint-disable-next-line react-hooks/exhaustive-deps
  const counts = useMemo(() => stateCounts(store.getState().model.jobs), [store, open, finished]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      actions.setFilter({ text: '', open: false });
      document.querySelector<HTMLElement>('.queue .job-select[tabindex="0"]')?.focus();
    } else if (event.key === 'ArrowDown' || event.key === 'Enter') {
      event.preventDefault();
      document.querySelector<HTMLElement>('.queue .job-select')?.focus();
    }
  };
  const toggle = (state: JobState): void => {
    const { states } = filter;
    actions.setFilter({
      states: states.includes(state) ? states.filter((one) => one !== state) : [...states, state],
    });
  };
  return (
    <div className="queue-filter" role="search" aria-label={t('Jobs')}>
      <div className="queue-search">
        <Icon name="search" />
        <input
          type="text"
          className="input"
          aria-label={t('Search jobs')}
          placeholder={t('Name, scene, number or reason')}
          spellCheck={false}
          autoComplete="off"
          value={filter.text}
          onChange={(event) => actions.setFilter({ text: event.target.value })}
          onKeyDown={onKeyDown}
        />
        {filter.text !== '' && (
          <Button
            kind="bare"
            icon="cross"
            aria-label={t('Clear the search')}
            onClick={() => actions.setFilter({ text: '' })}
          />
        )}
      </div>
      <div className="queue-chips" role="group" aria-label={t('States')}>
        {CHIP_STATES.filter((state) => counts[state] > 0 || filter.states.includes(state)).map((state) => (
          <button
            key={state}
            type="button"
            className={`chip job-${state}`}
            aria-pressed={filter.states.includes(state)}
            aria-label={`${t(JOB_STATE_WORDS[state])} ${formatCount(counts[state])}`}
            title={t('List only jobs in this state: {state}', { state: t(JOB_STATE_WORDS[state]) })}
            onClick={() => toggle(state)}
          >
            <Icon name={STATE_ICONS[state]} className="job-icon" />
            <span className="chip-words">{t(JOB_STATE_WORDS[state])}</span>
            <span className="chip-count">{formatCount(counts[state])}</span>
          </button>
        ))}
        {filter.machine !== null && (
          <button
            type="button"
            className="chip chip-sort"
            title={t('List the jobs of all machines again')}
            onClick={() => actions.setFilter({ machine: null })}
          >
            <span className="chip-machine">{t('On {machine}', { machine: filter.machine })}</span>
            <Icon name="cross" />
          </button>
        )}
        {sort !== null && (
          <button
            type="button"
            className="chip chip-sort"
            title={t('Back to the order in which they are rendered')}
            onClick={() => actions.setQueueView({ sort: null })}
          >
            {t('By column: {column}', { column: t(COLUMNS[sort.column].label) })} {sort.descending ? '↓' : '↑'}
            <Icon name="cross" />
          </button>
        )}
      </div>
    </div>
  );
}
