import { useState } from 'react';
import { MAX_PRIORITY } from '../../shared/job-constants';
import { t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';
import { Button } from '../controls/button';
import { Dialog } from '../controls/dialog';
import { TextField } from '../controls/field';
import { formatCount, signed } from '../model/format';
import './small-dialogs.css';

/** Asks for the priority of one or several jobs. */
export function PriorityDialog() {
  const { actions, store } = useApp();
  const ids = useAppState((state) => state.dialogJobs);
  const [before] = useState(() => ids.flatMap((id) => store.getState().model.jobs.byId.get(id) ?? []));
  const priorities = new Set(before.map(({ priority }) => priority));
  const [text, setText] = useState(priorities.size === 1 ? String([...priorities][0]) : '');
  const priority = /^[+\-−]?\d+$/.test(text.trim()) ? Number(text.trim().replace('−', '-')) : null;
  const valid = priority !== null && Math.abs(priority) <= MAX_PRIORITY;
  const [first] = before;
  const title =
    before.length === 1
      ? t('Priority of {name}, Job {id}', { name: first!.name, id: String(first!.id) })
      : t('Priority of {count} Jobs', { count: formatCount(before.length) });
  return (
    <Dialog title={title} size="small" onClose={() => actions.showDialog(null)}>
      <form
        className="small-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!valid) return;
          actions.showDialog(null);
          void actions.setPriority(ids, priority);
        }}
      >
        <TextField
          label={t('Priority')}
          numeric
          value={text}
          onChange={setText}
          placeholder={priorities.size > 1 ? [...priorities].map(signed).slice(0, 4).join(', ') : undefined}
          error={
            text === '' || valid
              ? undefined
              : t('A priority is a whole number from −{maxpriority} to {maxpriority}.', { maxpriority: MAX_PRIORITY })
          }
          hint={t('Jobs with a higher one are rendered first.')}
          step={(value, by) => String(Math.max(-MAX_PRIORITY, Math.min(MAX_PRIORITY, (Number(value) || 0) + by)))}
        />
        <div className="small-buttons">
          <Button onClick={() => actions.showDialog(null)}>{t('Cancel')}</Button>
          <button type="submit" className="button button-primary" disabled={!valid}>
            {t('Apply')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
