import type { ButtonHTMLAttributes } from 'react';
import { useReadOnly } from '../read-only';
import { Icon, type IconName } from './icon';
import './button.css';

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: 'plain' | 'primary' | 'bare';
  icon?: IconName;
  /** It asks the host to change something, which the read token does not allow. */
  changes?: boolean;
}

export function Button({ kind = 'plain', icon, children, className = '', changes = false, ...rest }: Props) {
  const readOnly = useReadOnly();
  const why = changes && readOnly !== null ? { disabled: true, title: readOnly } : {};
  return (
    <button
      type="button"
      className={`button button-${kind} ${children === undefined ? 'button-icon' : ''} ${className}`}
      {...rest}
      {...why}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}
