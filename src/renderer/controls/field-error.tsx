import { Icon } from './icon';

/** Why what was entered was refused; nothing while there is no reason. */
export function FieldError({ text }: { text: string | null }) {
  return (
    text !== null && (
      <p className="field-error" role="alert">
        <Icon name="error" />
        <span className="selectable">{text}</span>
      </p>
    )
  );
}
