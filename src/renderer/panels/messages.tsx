import { useEffect, useMemo, useState } from 'react';
import type { Notice } from '../../shared/host-api';
import { cutTo } from '../../shared/shortened';
import { t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';
import type { Message } from '../app-store';
import type { HostClient } from '../host-client';
import { Button } from '../controls/button';
import { FoldedText, NAMED } from '../controls/folded-text';
import { Icon, type IconName } from '../controls/icon';
import { restartLabel } from '../model/restart-label';
import './messages.css';

const ICONS: Record<Message['level'], IconName> = {
  info: 'info',
  success: 'check',
  warning: 'warning',
  error: 'error',
};
/** What needs no answer goes by itself, but not while somebody is at it. */
const PASSING_MS = 10_000;

/** What the person should know: our own messages and the host's notices, over the image. */
export function Messages() {
  const { actions, client } = useApp();
  const messages = useAppState((state) => state.messages);
  const notices = useAppState((state) => state.model.host?.notices);
  const dismissed = useAppState((state) => state.dismissedNotices);
  const busy = useAppState((state) => state.busy);
  const all = useMemo(
    () => [...noticesOnce(notices ?? [], dismissed, client), ...messages],
    [messages, notices, dismissed, client],
  );
  return (
    // Live as a whole: screen readers announce additions to a region that is there, but not always a region that is new.
    <div
      className="messages scroll"
      role="region"
      aria-label={t('Messages')}
      aria-live="polite"
      aria-relevant="additions text"
    >
      {all.length > 1 && (
        <Button
          kind="bare"
          className="messages-clear"
          aria-live="off"
          onClick={() => all.forEach((message) => actions.dismiss(message.id))}
        >
          {t('Dismiss all {count}', { count: all.length })}
        </Button>
      )}
      {all.toReversed().map((message) => (
        <MessageCard key={message.id} message={message} />
      ))}
      {busy !== null && (
        <p className="message message-info">
          <Icon name="clock" />
          <span className="message-text">{busy}…</span>
        </p>
      )}
    </div>
  );
}

/** The host's notices that are not dismissed; what it says several times, only the last time. */
function noticesOnce(
  notices: readonly Notice[],
  dismissed: ReadonlySet<number>,
  { restart }: Pick<HostClient, 'restart'>,
): Message[] {
  const last = new Map(notices.map(({ text, id }) => [text, id]));
  return notices
    .filter(({ id, text }) => !dismissed.has(id) && last.get(text) === id)
    .map(({ id, level, text, restart: mode }) => ({
      id: `notice-${id}`,
      level,
      text,
      topic: null,
      action: mode && restart ? { label: restartLabel(mode), run: () => void restart(mode) } : null,
      stays: true,
      passing: false,
      told: 0,
    }));
}

function MessageCard({ message }: { message: Message }) {
  const { actions } = useApp();
  const [looked, setLooked] = useState(false);
  const passes = message.passing && !looked;
  useEffect(() => {
    if (!passes) return undefined;
    const timer = setTimeout(() => actions.dismiss(message.id), PASSING_MS);
    return () => clearTimeout(timer);
    // A message that is told once more has its time anew.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [passes, message.id, message.told, actions]);
  return (
    <div
      className={`message message-${message.level}`}
      role={message.level === 'error' ? 'alert' : undefined}
      onPointerEnter={() => setLooked(true)}
      onPointerLeave={() => setLooked(false)}
      onFocus={() => setLooked(true)}
      onBlur={() => setLooked(false)}
    >
      <Icon name={ICONS[message.level]} />
      <FoldedText key={message.text} text={message.text} />
      {message.action && (
        <Button
          className="message-action"
          onClick={() => {
            if (!message.stays) actions.dismiss(message.id);
            message.action!.run();
          }}
        >
          {message.action.label}
        </Button>
      )}
      <Button
        kind="bare"
        icon="cross"
        aria-label={t('Dismiss: {text}', { text: cutTo(message.text, NAMED) })}
        title={t('Dismiss')}
        onClick={() => actions.dismiss(message.id)}
      />
    </div>
  );
}
