import type { AddonImage } from '../../api/context';
import type { Notice } from '../notice';

export const SERVICE_NAMES = ['slack', 'discord', 'ntfy', 'matrix', 'json', 'email'] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

export const SERVICE_LABELS: Readonly<Record<ServiceName, string>> = {
  slack: 'Slack',
  discord: 'Discord',
  ntfy: 'ntfy',
  matrix: 'Matrix',
  json: 'JSON',
  email: 'E-mail',
};

/** A configured destination. */
export interface Service {
  readonly name: ServiceName;
  readonly takesImages: boolean;
  /** Sends a message once. @throws DeliveryError; what else it throws counts as one that may pass */
  send(notice: Notice, image: AddonImage | null, signal: AbortSignal): Promise<void>;
}

export type ReadPreference = (key: string) => string;

/** Why a message was not taken. */
export class DeliveryError extends Error {
  /** Whether the same message can only fail again. */
  readonly permanent: boolean;
  /** Earliest time of the next attempt as the service asks for it, in milliseconds from now. */
  readonly retryAfter: number | null;
  /** Whether the image may be at fault. */
  readonly imageRefused: boolean;

  constructor(
    message: string,
    {
      permanent = false,
      retryAfter = null,
      imageRefused = false,
    }: { permanent?: boolean; retryAfter?: number | null; imageRefused?: boolean } = {},
  ) {
    super(message);
    this.permanent = permanent;
    this.retryAfter = retryAfter;
    this.imageRefused = imageRefused;
  }
}

/** Title and text as one. */
export function plainText({ title, text }: Notice): string {
  return `${title}\n${text}`;
}
