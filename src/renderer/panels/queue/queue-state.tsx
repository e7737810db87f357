import { t } from '../../../shared/texts/translate';
import { useApp, useAppState } from '../../app-context';
import { Button } from '../../controls/button';
import { FoldedText } from '../../controls/folded-text';
import { Icon } from '../../controls/icon';
import { formatTimeLeft } from '../../model/format';

/** What the queue as a whole is about: why it stands still, or how long it will take. */
export function QueueState() {
  const { actions } = useApp();
  const queue = useAppState(({ model }) => model.host?.queue);
  const open = useAppState(({ model }) => model.jobs.open.length);
  if (!queue) return null;
  if (queue.state === 'running') {
    const left = formatTimeLeft(queue.secondsLeft, queue.secondsLeftP90);
    if (open < 2 || left === null) return null;
    return (
      <p className="queue-state" title={t('Estimated remaining time: the median, and in brackets the 90th percentile')}>
        <Icon name="clock" />
        {t('All done in {left}', { left })}
      </p>
    );
  }
  const held = queue.state === 'paused' && queue.reason !== null;
  const words =
    queue.state === 'paused'
      ? t('The queue is paused')
      : queue.state === 'after-frame'
        ? t('Pausing after the current frames')
        : t('Pausing after the current job');
  return (
    <div className={`queue-state queue-stopped ${held ? 'queue-held' : ''}`} role="status">
      <Icon name={held ? 'warning' : 'pause'} />
      <FoldedText key={queue.reason ?? words} text={queue.reason ?? words} />
      <Button changes onClick={() => void actions.resumeQueue()}>
        {queue.state === 'paused' ? t('Resume') : t('Keep Rendering')}
      </Button>
    </div>
  );
}
