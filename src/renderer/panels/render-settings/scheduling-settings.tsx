import { msg, t } from '../../../shared/texts/translate';
import { useAppState } from '../../app-context';
import { SelectField, TextField } from '../../controls/field';
import { Group } from '../../controls/group';
import { frameOrders } from '../../model/frame-orders';
import type { SettingsProps } from './use-render-fields';

const FIELDS = ['workers', 'priority', 'order', 'startAt', 'after', 'attempts', 'failureShare'] as const;

export function SchedulingSettings({ form, fields }: Pick<SettingsProps, 'form' | 'fields'>) {
  const { text, number, choice } = fields;
  const preferences = useAppState((state) => state.model.host?.preferences);
  const usual = frameOrders();
  const orders = usual.some(({ value }) => value === form.order)
    ? usual
    : [...usual, { value: form.order, label: form.order }];
  return (
    <Group {...fields.group(msg('Scheduling'), FIELDS, true)}>
      <TextField label={t('Workers')} {...number('workers', 1)} placeholder={t('As many as allowed')} />
      <TextField label={t('Priority')} {...number('priority', -100)} />
      <SelectField label={t('Frame order')} {...choice('order')} options={orders} />
      <TextField label={t('Start time')} {...text('startAt')} moment placeholder={t('Immediately')} />
      <TextField label={t('After jobs')} {...text('after')} placeholder={t('None')} />
      <TextField
        label={t('Attempts')}
        {...number('attempts', 1)}
        placeholder={String(preferences?.['queue.attempts'] ?? 3)}
      />
      <TextField
        label={t('Max failures')}
        unit="%"
        {...number('failureShare', 0)}
        placeholder={String(preferences?.['queue.failureShare'] ?? 10)}
      />
    </Group>
  );
}
