import { useState, type FormEvent } from 'react';
import type { PreferenceValues } from '../../shared/addons';
import { messageOf } from '../../shared/user-error';
import { t } from '../../shared/texts/translate';
import { useApp } from '../app-context';
import type { OperatorForm } from '../app-store';
import { Button } from '../controls/button';
import { Dialog } from '../controls/dialog';
import { FieldError } from '../controls/field-error';
import { ParameterField } from '../controls/parameter-field';
import './small-dialogs.css';

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
          <Button onClick={close}>{t('Cancel')}</Button>
          <button
            type="submit"
            className="button button-primary"
            disabled={starting}
            data-autofocus={operator.parameters.length === 0 ? '' : undefined}
          >
            {starting ? t('Starting…') : t('Run')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
