import { t } from '../../../shared/texts/translate';
import { Button } from '../../controls/button';
import { below } from '../../controls/popup-menu';

interface Props {
  id: number;
  /** Name of the job for people who hear it. */
  label: string;
  tabStop: boolean;
  className: string;
  onMenu: (id: number, x: number, y: number) => void;
}

/** Opens the menu of a job below itself. */
export function JobMenuButton({ id, label, tabStop, className, onMenu }: Props) {
  return (
    <Button
      kind="bare"
      icon="dots"
      className={className}
      tabIndex={tabStop ? 0 : -1}
      aria-label={t('Actions for {label}', { label })}
      aria-haspopup="menu"
      title={t('Job actions')}
      onClick={(event) => {
        const { x, y } = below(event.currentTarget);
        onMenu(id, x, y);
      }}
    />
  );
}
