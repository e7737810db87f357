import { msg, t } from '../../../shared/texts/translate';
import { useAppState } from '../../app-context';
import { TextField } from '../../controls/field';
import { Group } from '../../controls/group';
import { managesFarm } from '../../model/machine-view';
import type { SettingsProps } from './use-render-fields';

const FIELDS = ['tags', 'blockedMachines', 'maxMachines'] as const;

/** Which machines of a farm may render the job; there only where the host manages a farm. */
export function MachineSettings({ form, fields }: Pick<SettingsProps, 'form' | 'fields'>) {
  const manages = useAppState((state) => managesFarm(state.model.host?.preferences));
  if (!manages && FIELDS.every((field) => form[field] === '')) return null;
  const { text, number } = fields;
  return (
    <Group {...fields.group(msg('Machines'), FIELDS, true)}>
      <TextField label={t('Needs tags')} {...text('tags')} placeholder={t('None')} />
      <TextField label={t('Blocked')} {...text('blockedMachines')} placeholder={t('None')} />
      <TextField label={t('Machines at most')} {...number('maxMachines', 1)} placeholder={t('All')} />
    </Group>
  );
}
