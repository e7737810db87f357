import type { QueueInfo } from '../../../shared/jobs';
import { t } from '../../../shared/texts/translate';
import { useApp, useAppState } from '../../app-context';
import { Button } from '../../controls/button';
import { FoldedText } from '../../controls/folded-text';
import { Icon } from '../../controls/icon';
import { formatTimeLeft } from '../../model/format';

/** What the queue as a whole is about: why it stands still, or how long it will take. */
export function QueueState() {
  const queue = useAppState(({ model }) => model.host?.queue);
  const open = useAppState(({ model }) => model.jobs.open.length);
  const left = queue ? formatTimeLeft(queue.secondsLeft, queue.secondsLeftP90) : null;
  const isRunning = queue?.state === 'running';
  return (
    <>
      {isRunning && open >= 2 && left !== null && (
        <p
          className="queue-state"
          title={t('Estimated remaining time: the median, and in brackets the 90th percentile')}
        >
          <Icon name="clock" />
          {t('All done in {left}', { left })}
        </p>
      )}
      {/* There before its text is: not every screen reader announces a status that comes with its text. */}
      <div className="queue-status" role="status">
        {queue && !isRunning && <Stopped queue={queue} />}
      </div>
    </>
  );
}

function Stopped({ queue: { state, reason } }: { queue: QueueInfo }) {
  const { actions } = useApp();
  const held = state === 'paused' && reason !== null;
  const words =
    state === 'paused'
      ? t('The queue is paused')
      : state === 'after-frame'
        ? t('Pausing after the current frames')
        : t('Pausing after the current job');
  return (
    <div className={`queue-state queue-stopped ${held ? 'queue-held' : ''}`}>
      <Icon name={held ? 'warning' : 'pause'} />
      <FoldedText key={reason ?? words} text={reason ?? words} />
      <Button changes onClick={() => void actions.resumeQueue()}>
        {state === 'paused' ? t('Resume') : t('Keep Rendering')}
      </Button>
    </div>
  );
}
