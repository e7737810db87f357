import { msg, t } from '../../../shared/texts/translate';
import { TextField } from '../../controls/field';
import { Group } from '../../controls/group';
import { formatDuration, frames } from '../../model/format';
import type { SettingsProps } from './use-render-fields';

const FIELDS = ['frameStart', 'frameEnd', 'frameStep', 'fps'] as const;

export function FrameRangeSettings({ fields }: Pick<SettingsProps, 'fields'>) {
  const { range, errors, number } = fields;
  const fps = Number(number('fps', 1).value);
  const count = range ? Math.floor((range.end - range.start) / range.step) + 1 : 0;
  return (
    <Group {...fields.group(msg('Frame Range'), FIELDS)}>
      <TextField label={t('Frame Start')} {...number('frameStart', -Infinity)} />
      <TextField label={t('Frame End')} {...number('frameEnd', -Infinity)} />
      <TextField label={t('Frame Step')} {...number('frameStep', 1)} />
      <TextField label={t('Frame Rate')} unit="fps" decimals {...number('fps', 1)} />
      {range && range.end >= range.start && errors.fps === undefined && (
        <p className="group-sum">
          {frames(count)}, {lasts((range.end - range.start + 1) / fps)}
        </p>
      )}
    </Group>
  );
}

function lasts(seconds: number): string {
  return seconds < 60 ? `${seconds.toFixed(2)} s` : formatDuration(seconds);
}
