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
  checkEditForm,
  editFormOf,
  isEditable,
  jobChanges,
  type EditField,
  type EditForm,
} from '../model/edit-form';
import { renderEngineOptions } from '../model/render-engine-name';
import { managesFarm } from '../model/machine-view';
import { FRAME_ORDERS } from '../model/frame-orders';
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
  const whole = isEditable(job);
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
  const wrong = Object.keys(errors).some((field) => changed(field as EditField));

  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (wrong) return;
    const told = whole
      ? changes
      : Object.fromEntries(Object.entries(changes).filter(([field]) => ANY_TIME.includes(field as EditField)));
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
  const orders = FRAME_ORDERS.some(({ value }) => value === form.order)
    ? FRAME_ORDERS
    : [...FRAME_ORDERS, { value: form.order, label: form.order === 'list' ? 'As listed' : form.order }];
  return (
    <Dialog title={`Edit ${job.name}, Job ${job.id}`} size="medium" onClose={() => actions.showDialog(null)}>
      <form className="small-form" onSubmit={(event) => void save(event)}>
        {!whole && (
          <p className="edit-note">
            While the job is rendering, only its priority, dependencies and start time can be changed. Pause it to
            change the rest.
          </p>
        )}
        <div className="edit-fields scroll">
          <TextField label="Priority" {...number('priority', -100)} />
          <TextField
            label="After jobs"
            {...text('after')}
            placeholder="None"
            hint="Numbers of the jobs that must complete first."
          />
          <TextField label="Start time" {...text('startAt')} moment placeholder="Immediately" />
          {whole && (
            <>
              <h3>Frames</h3>
              <TextField label="Frames" {...text('frames')} />
              <SelectField
                label="Frame order"
                value={form.order}
                changed={changed('order')}
                options={orders}
                onChange={(order) => set('order', order)}
              />
              <TextField label="Frame rate" unit="fps" {...number('fps', 1)} />
              <TextField label="Attempts" {...number('attempts', 1)} />
              <TextField label="Max failures" unit="%" {...number('failureShare', 0)} />
              <TextField label="Workers" {...number('workers', 1)} placeholder="As many as allowed" />
              {(farm || form.tags + form.blockedMachines + form.maxMachines !== '') && (
                <>
                  <h3>{t('Machines')}</h3>
                  <TextField label={t('Needs tags')} {...text('tags')} placeholder={t('None')} />
                  <TextField label={t('Blocked')} {...text('blockedMachines')} placeholder={t('None')} />
                  <TextField label={t('Machines at most')} {...number('maxMachines', 1)} placeholder={t('All')} />
                </>
              )}
              <h3>Image</h3>
              <TextField label="Width" unit="px" {...number('width', 1)} />
              <TextField label="Height" unit="px" {...number('height', 1)} />
              <TextField label="Samples" {...number('samples', 1)} />
              <TextField label="Camera" {...text('camera')} placeholder="Scene default" />
              {blender && (
                <SelectField
                  label="Engine"
                  value={form.renderEngine}
                  changed={changed('renderEngine')}
                  options={[
                    ...(before.renderEngine === '' ? [{ value: '', label: 'From the scene' }] : []),
                    ...renderEngineOptions(form.renderEngine),
                  ]}
                  onChange={(engine) => set('renderEngine', engine)}
                />
              )}
              <h3>Output</h3>
              <TextField
                label="Output"
                {...text('output')}
                tool={<OutputBrowse output={form.output} onChange={(output) => set('output', output)} />}
              />
              {blender && (
                <SelectField
                  label="File format"
                  value={form.format}
                  changed={changed('format')}
                  options={IMAGE_FORMATS.map((value) => ({ value, label: imageFormats[value].name }))}
                  onChange={(format) => set('format', format)}
                />
              )}
              <CheckBox
                label="Overwrite"
                checked={form.overwrite}
                onChange={(overwrite) => set('overwrite', overwrite)}
              />
              {blender && (
                <CheckBox
                  label="Allow scripts"
                  checked={form.allowScripts}
                  hint="Scripts in the file can do anything that you can."
                  onChange={(allowScripts) => set('allowScripts', allowScripts)}
                />
              )}
              {blender && (
                <CheckBox
                  label="Factory startup"
                  checked={form.factoryStartup}
                  onChange={(factoryStartup) => set('factoryStartup', factoryStartup)}
                />
              )}
            </>
          )}
        </div>
        <FieldError text={error} />
        <div className="small-buttons">
          <Button onClick={() => actions.showDialog(null)}>Cancel</Button>
          <button type="submit" className="button button-primary" disabled={saving || wrong}>
            {saving ? 'Applying…' : 'Apply'}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
