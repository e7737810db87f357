import { useEffect } from 'react';
import { t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';
import { useRun } from '../commands';
import { Button } from '../controls/button';
import { Icon } from '../controls/icon';
import { keyWords } from '../model/key-words';
import { Area } from '../panels/area';
import { AddonPanels } from '../panels/addon-panels';
import { Charts } from './charts';
import { StatisticsTools } from './statistics-tools';
import { useShownStatistics } from './use-shown-statistics';
import './statistics.css';

/** What the host keeps in memory of its renders, drawn. */
export function StatisticsWorkspace() {
  const { actions } = useApp();
  const known = useAppState((state) => state.model.statistics);
  const early = useAppState((state) => state.model.early !== null);
  const missing = known === null;
  const nothing =
    known === null || (known.samples.length === 0 && known.frameTimes.length === 0 && known.failures.length === 0);
  const shown = useShownStatistics();
  useEffect(() => {
    if (missing && !early) void actions.needStatistics();
  }, [missing, early, actions]);
  return (
    <Area name={t('Statistics')} className="statistics" tools={<StatisticsTools shown={nothing ? null : shown} />}>
      <div className="statistics-stage">
        {known === null || known.loading ? null : nothing ? <NothingYet /> : <Charts shown={shown} />}
      </div>
      <AddonPanels place="statistics" />
    </Area>
  );
}

function NothingYet() {
  const run = useRun();
  const hasScene = useAppState((state) => state.model.host?.scene != null);
  return (
    <div className="nothing">
      <Icon name="gauge" />
      <p className="nothing-title">{t('Nothing has been rendered yet')}</p>
      <p>
        {t(
          'Frames per minute, frame times, failures, the queue, and what processor, memory and disks do appear here while frames are rendered. They are kept for the last hours, in memory.',
        )}
      </p>
      <div className="nothing-actions">
        {hasScene ? (
          <Button changes onClick={() => run('render-animation')}>
            {t('Render Animation')} <kbd aria-hidden="true">{keyWords('Ctrl+F12')}</kbd>
          </Button>
        ) : (
          <Button changes onClick={() => run('open')}>
            {t('Open…')} <kbd aria-hidden="true">{keyWords('Ctrl+O')}</kbd>
          </Button>
        )}
      </div>
    </div>
  );
}
