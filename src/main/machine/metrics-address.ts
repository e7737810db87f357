import { UserError } from '../../shared/user-error';

/** Where a machine serves metrics. */
export interface MetricsAddress {
  readonly host: string;
  /** 0 lets the system choose a free port. */
  readonly port: number;
}

/** @throws UserError (`arguments`) when the text is not HOST:PORT */
export function readMetricsAddress(text: string): MetricsAddress {
  const [, bracketed, plain, port] = /^(?:\[([\da-fA-F:.]+)\]|([^\s:/[\]]*)):(\d{1,5})$/.exec(text.trim()) ?? [];
  if (port === undefined || Number(port) > 65_535)
    throw new UserError(`--metrics cannot be “${text}”: write an address and a port, as 0.0.0.0:8001.`, 'arguments');
  return { host: bracketed ?? (plain || '0.0.0.0'), port: Number(port) };
}
