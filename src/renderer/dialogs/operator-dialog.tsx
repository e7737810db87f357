import { useState, type FormEvent } from 'react';
import type { PreferenceValue, PreferenceValues } from '../../shared/addons';
import type { OperatorParameter } from '../../shared/operators';
import { messageOf } from '../../shared/user-error';
import { useApp, useAppState } from '../app-context';
import type { OperatorForm } from '../app-store';
import { Button } from '../controls/button';
import { Dialog } from '../controls/dialog';
import { FieldError } from '../controls/field-error';
import { CheckBox, SelectField, TextField } from '../controls/field';
import { stepped } from '../model/typed-value';
import './small-dialogs.css';

/** As many jobs as a person looks through in a list. */
const MAX_JOBS = 200;

/** Asks for an operator's parameters, or with its question, and starts it. */
export function OperatorDialog({ operator: form }: { operator: OperatorForm }) {
  const { actions, client } = useApp();
  const { operator } = form;
  const [values, setValues] = useState<PreferenceValues>(form.parameters);
  const [error, setError] = useState<string | null>(null);
  const [starting, setStarting] = useState(false);
  const close = (): void => actions.showDialog(null);

  const start = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setStarting(true);
    setError(null);
    // An empty field is one that is not given: the host knows what it then is, or says that it is needed.
    const parameters = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
    try {
      const run = await client.call('operator.run', { id: operator.id, parameters });
      close();
      actions.operatorStarted(run);
    } catch (failure) {
      setError(messageOf(failure));
      setStarting(false);
    }
  };
  return (
    <Dialog title={operator.label} size={operator.parameters.length > 0 ? 'medium' : 'small'} onClose={close}>
      <form className="small-form" onSubmit={(event) => void start(event)}>
        {(operator.confirm ?? operator.description) !== '' && <p>{operator.confirm ?? operator.description}</p>}
        {operator.parameters.length > 0 && (
          <div className="edit-fields scroll">
            {operator.parameters.map((parameter) => (
              <ParameterField
                key={parameter.key}
                parameter={parameter}
                value={values[parameter.key]}
                onChange={(value) => setValues({ ...values, [parameter.key]: value })}
              />
            ))}
          </div>
        )}
        <FieldError text={error} />
        <div className="small-buttons">
          <span className="dim">{operator.addonName}</span>
          <Button onClick={close}>Cancel</Button>
          <button
            type="submit"
            className="button button-primary"
            disabled={starting}
            data-autofocus={operator.parameters.length === 0 ? '' : undefined}
          >
            {starting ? 'Starting…' : 'Run'}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

interface FieldProps {
  readonly parameter: OperatorParameter;
  readonly value: PreferenceValue | undefined;
  readonly onChange: (value: PreferenceValue) => void;
}

function ParameterField({ parameter, value, onChange }: FieldProps) {
  const { label, description } = parameter;
  const hint = description === '' ? {} : { hint: description };
  const text = value === undefined ? '' : String(value);
  switch (parameter.type) {
    case 'boolean':
      return <CheckBox label={label} checked={value === true} onChange={onChange} {...hint} />;
    case 'enum':
      return (
        <SelectField
          label={label}
          value={text}
          options={parameter.values.map((option) => ({ value: option, label: option }))}
          onChange={onChange}
          {...hint}
        />
      );
    case 'job':
      return <JobField parameter={parameter} value={value} onChange={onChange} />;
    case 'integer':
    case 'number':
    case 'frame': {
      const min = 'min' in parameter ? parameter.min : undefined;
      return (
        <TextField
          label={label}
          value={text}
          numeric
          step={(typed, by) => stepped(typed, by, min ?? -Infinity)}
          onChange={onChange}
          {...hint}
        />
      );
    }
    default:
      return <TextField label={label} value={text} onChange={onChange} {...hint} />;
  }
}

/** A list of jobs, the unfinished ones first. */
function JobField({ parameter, value, onChange }: FieldProps) {
  const jobs = useAppState((state) => state.model.jobs);
  const chosen = value === undefined ? '' : String(value);
  const ids = [...jobs.byId.keys()].slice(-MAX_JOBS).toReversed();
  if (value !== undefined && !ids.includes(Number(value))) ids.unshift(Number(value));
  const options = ids.map((id) => {
    const job = jobs.byId.get(id);
    return { value: String(id), label: job ? `${job.name}, Job ${id}` : `Job ${id}` };
  });
  return (
    <SelectField
      label={parameter.label}
      value={chosen}
      options={chosen === '' ? [{ value: '', label: 'Choose a job' }, ...options] : options}
      onChange={onChange}
      {...(parameter.description === '' ? {} : { hint: parameter.description })}
    />
  );
}
