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
    <Group {...fields.group('Scheduling', FIELDS, true)}>
      <TextField label="Workers" {...number('workers', 1)} placeholder="As many as allowed" />
      <TextField label="Priority" {...number('priority', -100)} />
      <SelectField label="Frame order" {...choice('order')} options={orders} />
      <TextField label="Start time" {...text('startAt')} moment placeholder="Immediately" />
      <TextField label="After jobs" {...text('after')} placeholder="None" />
      <TextField
        label="Attempts"
        {...number('attempts', 1)}
        placeholder={String(preferences?.['queue.attempts'] ?? 3)}
      />
      <TextField
        label="Max failures"
        unit="%"
        {...number('failureShare', 0)}
        placeholder={String(preferences?.['queue.failureShare'] ?? 10)}
      />
    </Group>
  );
}
