import { t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';
import { Dialog } from '../controls/dialog';
import iconUrl from '../icon.svg';
import './small-dialogs.css';

export function AboutDialog() {
  const { actions } = useApp();
  const info = useAppState((state) => state.model.host?.info);
  return (
    <Dialog title={t('About Framegauge')} size="small" onClose={() => actions.showDialog(null)}>
      <div className="about">
        <img src={iconUrl} alt="" width="72" height="72" />
        <div>
          <p className="about-name">Framegauge</p>
          <p className="dim selectable">{t('Version {version}', { version: info?.version ?? '' })}</p>
        </div>
      </div>
      <p className="about-text">{t('A render host with add-ons, metered by Prometheus. MIT licence.')}</p>
    </Dialog>
  );
}
