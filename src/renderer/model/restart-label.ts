import type { StartMode } from '../../shared/host-info';
import { t } from '../../shared/texts/translate';

/** What a button says that starts the host again. */
export const restartLabel = (mode: StartMode): string =>
  mode === 'safe' ? t('Start in Safe Mode') : t('Leave Safe Mode');
