import type { ButtonHTMLAttributes } from 'react';
import { Icon, type IconName } from './icon';
import './button.css';

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: 'plain' | 'primary' | 'bare';
  icon?: IconName;
}

export function Button({ kind = 'plain', icon, children, className = '', ...rest }: Props) {
  return (
    <button
      type="button"
      className={`button button-${kind} ${children === undefined ? 'button-icon' : ''} ${className}`}
      {...rest}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}
