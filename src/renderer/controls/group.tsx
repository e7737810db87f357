import { useId, type ReactNode } from 'react';
import { t } from '../../shared/texts/translate';
import { Button } from './button';
import { Icon } from './icon';
import './group.css';

interface Props {
  title: string;
  /** Given where the group can be folded away. */
  fold?: { readonly open: boolean; readonly onToggle: () => void } | undefined;
  /** How many of its fields differ from their defaults. */
  changed?: number;
  onReset?: (() => void) | undefined;
  children: ReactNode;
}

/** Fields that belong together, under a heading that may fold them away. */
export function Group({ title, fold, changed = 0, onReset, children }: Props) {
  const id = useId();
  const open = fold?.open ?? true;
  return (
    <section className={`group ${open ? '' : 'group-folded'}`} aria-labelledby={id}>
      <div className="group-head">
        <h3>
          {fold ? (
            <button type="button" id={id} className="group-fold" aria-expanded={fold.open} onClick={fold.onToggle}>
              <Icon name="chevron" />
              {title}
            </button>
          ) : (
            <span id={id}>{title}</span>
          )}
        </h3>
        {changed > 0 && !open && <span className="group-changed">{t('{changed} set', { changed })}</span>}
        {changed > 0 && open && onReset && (
          <Button
            kind="bare"
            changes
            className="group-reset"
            title={t('Bring back what the scene says ({title})', { title })}
            aria-label={t('Reset {title}', { title })}
            onClick={onReset}
          >
            {t('Reset')}
          </Button>
        )}
      </div>
      {open && children}
    </section>
  );
}
