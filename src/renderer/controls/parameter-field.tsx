import type { PreferenceValue } from '../../shared/addons';
import type { OperatorParameter } from '../../shared/operators';
import { t } from '../../shared/texts/translate';
import { useAppState } from '../app-context';
import { stepped } from '../model/typed-value';
import { CheckBox, SelectField, TextField } from './field';

/** As many jobs as a person looks through in a list. */
const MAX_JOBS = 200;

interface FieldProps {
  readonly parameter: OperatorParameter;
  readonly value: PreferenceValue | undefined;
  readonly onChange: (value: PreferenceValue) => void;
}

/** A field for a parameter of an operator. */
export function ParameterField({ parameter, value, onChange }: FieldProps) {
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
          decimals={parameter.type === 'number'}
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
  const ids = [...jobs.open, ...jobs.finished].slice(0, MAX_JOBS);
  if (value !== undefined && !ids.includes(Number(value))) ids.unshift(Number(value));
  const options = ids.map((id) => {
    const job = jobs.byId.get(id);
    return {
      value: String(id),
      label: job ? t('{name}, Job {id}', { name: job.name, id: String(id) }) : t('Job {id}', { id: String(id) }),
    };
  });
  return (
    <SelectField
      label={parameter.label}
      value={chosen}
      options={chosen === '' ? [{ value: '', label: t('Choose a job') }, ...options] : options}
      onChange={onChange}
      {...(parameter.description === '' ? {} : { hint: parameter.description })}
    />
  );
}
