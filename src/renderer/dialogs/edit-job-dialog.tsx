import { useEffect, useState, type FormEvent } from 'react';
import { IMAGE_FORMATS, imageFormats } from '../../shared/image-format';
import type { Job } from '../../shared/jobs';
import { t } from '../../shared/texts/translate';
import { messageOf } from '../../shared/user-error';
import { useApp, useAppState } from '../app-context';
import { Button } from '../controls/button';
import { Dialog } from '../controls/dialog';
import { FieldError } from '../controls/field-error';
import { CheckBox, SelectField, TextField } from '../controls/field';
import { OutputBrowse } from '../controls/output-browse';
import {
  ANY_TIME,
  AT_THE_END,
  checkEditForm,
  editFormOf,
  imagesLost,
  isEditable,
  jobChanges,
  type EditField,
  type EditForm,
} from '../model/edit-form';
import { renderEngineOptions } from '../model/render-engine-name';
import { tidyOutput } from '../model/output-proposal';
import { managesFarm } from '../model/machine-view';
import { frameOrders } from '../model/frame-orders';
import { imagesAnew } from '../model/job-sentences';
import { isFinished } from '../model/job-table';
import { stepped } from '../model/typed-value';
import './small-dialogs.css';

/** Changes a job in the queue: its scheduling at any time, everything else while it is paused or has not started. */
export function EditJobDialog() {
  const { actions } = useApp();
  const job = useAppState((state) =>
    state.dialogJob === null ? undefined : state.model.jobs.byId.get(state.dialogJob),
  );
  const gone = job === undefined;
  useEffect(() => {
    if (gone) actions.showDialog(null);
  }, [gone, actions]);
  return job ? <Editor job={job} key={job.id} /> : null;
}

function Editor({ job }: { job: Job }) {
  const { actions, client } = useApp();
  const [before] = useState(() => editFormOf(job));
  const [form, setForm] = useState(before);
  const [error, setError] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);
  const blender = job.engine === 'blender';
  const farm = useAppState((state) => managesFarm(state.model.host?.preferences));
  const info = useAppState((state) => state.model.host?.info);
  const whole = isEditable(job);
  const ended = isFinished(job);
  const errors = checkEditForm(form, blender);
  const changes = jobChanges(form, before);
  const changed = (field: EditField): boolean => form[field] !== before[field];
  const set = <F extends EditField>(field: F, value: EditForm[F]): void =>
    setForm((now) => ({ ...now, [field]: value }));
  type Text = { [F in EditField]: string extends EditForm[F] ? F : never }[EditField];
  const text = (field: Text) => ({
    value: form[field],
    changed: changed(field),
    error: changed(field) ? errors[field] : undefined,
    onChange: (value: string) => set(field, value),
  });
  const number = (field: Text, min: number) => ({
    ...text(field),
    numeric: true,
    step: (value: string, by: number) => stepped(value, by, min),
  });
  const lost = whole ? imagesLost(changes, job) : 0;
  const wrong = Object.keys(errors).some((field) => changed(field as EditField));

  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (wrong) return;
    const allowed = ended ? AT_THE_END : ANY_TIME;
    const told = whole
      ? changes
      : Object.fromEntries(Object.entries(changes).filter(([field]) => allowed.includes(field as EditField)));
    if (Object.keys(told).length < Object.keys(changes).length) {
      setError(t('The job has begun meanwhile: pause it to change the rest, or close this.'));
      return;
    }
    if (Object.keys(told).length === 0) {
      actions.showDialog(null);
      return;
    }
    setSaving(true);
    setError(null);
    try {
      const { priority } = await client.call('job.edit', { id: job.id, changes: told });
      actions.showDialog(null);
      if (priority !== job.priority) actions.prioritySet([job], priority);
    } catch (failure) {
      setError(messageOf(failure));
      setSaving(false);
    }
  };
  const usual = frameOrders();
  const orders = usual.some(({ value }) => value === form.order)
    ? usual
    : [...usual, { value: form.order, label: form.order === 'list' ? t('As listed') : form.order }];
  return (
    <Dialog
      title={t('Edit {name}, Job {id}', { name: job.name, id: String(job.id) })}
      size="medium"
      onClose={() => actions.showDialog(null)}
    >
      <form className="small-form" onSubmit={(event) => void save(event)}>
        {!whole && !ended && (
          <p className="edit-note">
            {t(
              'While the job is rendering, only its name, note, priority, dependencies and start time can be changed. Pause it to change the rest.',
            )}
          </p>
        )}
        <div className="edit-fields scroll">
          <TextField label={t('Name')} {...text('name')} />
          <TextField label={t('Note')} {...text('note')} placeholder={t('Anything worth remembering')} />
          {!ended && (
            <>
              <TextField label={t('Priority')} {...number('priority', -100)} />
              <TextField
                label={t('After jobs')}
                {...text('after')}
                placeholder={t('None')}
                hint={t('Numbers of the jobs that must complete first.')}
              />
              <TextField label={t('Start time')} {...text('startAt')} moment placeholder={t('Immediately')} />
            </>
          )}
          {whole && (
            <>
              <h3>{t('Frames')}</h3>
              <TextField label={t('Frames')} {...text('frames')} />
              <SelectField
                label={t('Frame order')}
                value={form.order}
                changed={changed('order')}
                options={orders}
                onChange={(order) => set('order', order)}
              />
              <TextField label={t('Frame rate')} unit="fps" {...number('fps', 1)} />
              <TextField label={t('Attempts')} {...number('attempts', 1)} />
              <TextField label={t('Max failures')} unit="%" {...number('failureShare', 0)} />
              <TextField label={t('Workers')} {...number('workers', 1)} placeholder={t('As many as allowed')} />
              {(farm || form.tags + form.blockedMachines + form.maxMachines !== '') && (
                <>
                  <h3>{t('Machines')}</h3>
                  <TextField label={t('Needs tags')} {...text('tags')} placeholder={t('None')} />
                  <TextField label={t('Blocked')} {...text('blockedMachines')} placeholder={t('None')} />
                  <TextField label={t('Machines at most')} {...number('maxMachines', 1)} placeholder={t('All')} />
                </>
              )}
              <h3>{t('Image')}</h3>
              <TextField label={t('Width')} unit="px" {...number('width', 1)} />
              <TextField label={t('Height')} unit="px" {...number('height', 1)} />
              <TextField label={t('Samples')} {...number('samples', 1)} />
              <TextField label={t('Camera')} {...text('camera')} placeholder={t('Scene default')} />
              {blender && (
                <SelectField
                  label={t('Engine')}
                  value={form.renderEngine}
                  changed={changed('renderEngine')}
                  options={[
                    ...(before.renderEngine === '' ? [{ value: '', label: t('From the scene') }] : []),
                    ...renderEngineOptions(form.renderEngine),
                  ]}
                  onChange={(engine) => set('renderEngine', engine)}
                />
              )}
              <h3>{t('Output')}</h3>
              <TextField
                label={t('Output')}
                {...text('output')}
                onCommit={() => info && set('output', tidyOutput(form.output, info))}
                tool={<OutputBrowse output={form.output} onChange={(output) => set('output', output)} />}
              />
              {blender && (
                <SelectField
                  label={t('File format')}
                  value={form.format}
                  changed={changed('format')}
                  options={IMAGE_FORMATS.map((value) => ({ value, label: imageFormats[value].name }))}
                  onChange={(format) => set('format', format)}
                />
              )}
              <CheckBox
                label={t('Overwrite')}
                checked={form.overwrite}
                onChange={(overwrite) => set('overwrite', overwrite)}
              />
              {blender && (
                <CheckBox
                  label={t('Allow scripts')}
                  checked={form.allowScripts}
                  hint={t('Scripts in the file can do anything that you can.')}
                  onChange={(allowScripts) => set('allowScripts', allowScripts)}
                />
              )}
              {blender && (
                <CheckBox
                  label={t('Factory startup')}
                  checked={form.factoryStartup}
                  onChange={(factoryStartup) => set('factoryStartup', factoryStartup)}
                />
              )}
            </>
          )}
        </div>
        <FieldError text={error} />
        <div className="small-buttons">
          <p className="edit-lost" role="status">
            {lost > 0 && imagesAnew(lost)}
          </p>
          <Button onClick={() => actions.showDialog(null)}>{t('Cancel')}</Button>
          <button type="submit" className="button button-primary" disabled={saving || wrong}>
            {saving ? t('Applying…') : t('Apply')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
