import type { ExpositionFormat } from '../api/metrics/exposition';

export interface ChosenFormat {
  readonly format: ExpositionFormat;
  readonly contentType: string;
}

const TEXT: ChosenFormat = { format: 'text', contentType: 'text/plain; version=0.0.4; charset=utf-8' };

interface Range {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly q: number;
}

/**
 * Chooses the format that a scraper's Accept header prefers (RFC 9110 section 12.5.1): OpenMetrics 1.0.0 or 0.0.1, or
 * the text format 1.0.0 or 0.0.4. A header that names none of them or cannot be parsed gets text 0.0.4: a 406 is of no
 * use to Prometheus.
 */
export function chooseFormat(accept: string | undefined): ChosenFormat {
  let best: { chosen: ChosenFormat; q: number } | null = null;
  for (const range of parseRanges(accept ?? '')) {
    const chosen = formatFor(range);
    if (chosen && range.q > (best?.q ?? 0)) best = { chosen, q: range.q };
  }
  return best?.chosen ?? TEXT;
}

function formatFor({ type, parameters }: Range): ChosenFormat | null {
  const version = parameters.get('version');
  if (
    type === 'application/openmetrics-text' &&
    (version === undefined || version === '1.0.0' || version === '0.0.1')
  ) {
    const answered = version ?? '1.0.0';
    return {
      format: 'openmetrics',
      contentType: `${type}; version=${answered}; charset=utf-8${answered === '1.0.0' ? escapingOf(parameters) : ''}`,
    };
  }
  if (type === 'text/plain') {
    if (version === '1.0.0')
      return { format: 'text', contentType: `text/plain; version=1.0.0; charset=utf-8${escapingOf(parameters)}` };
    return version === undefined || version === '0.0.4' ? TEXT : null;
  }
  return type === 'text/*' || type === '*/*' ? TEXT : null;
}

/**
 * How names outside the classic character set are escaped (https://prometheus.io/docs/instrumenting/escaping_schemes/).
 * There are none here, so unescaped names satisfy both allow-utf-8 and underscores; other schemes also change classic
 * names, and a scraper that asks for one is told that it got underscores.
 */
function escapingOf(parameters: ReadonlyMap<string, string>): string {
  const asked = parameters.get('escaping');
  if (asked === undefined) return '';
  return asked === 'allow-utf-8' ? '; escaping=allow-utf-8' : '; escaping=underscores';
}

/** Whether an Accept-Encoding header (RFC 9110 section 12.5.3) allows gzip. */
export function acceptsGzip(acceptEncoding: string | undefined): boolean {
  const ranges = parseRanges(acceptEncoding ?? '');
  const named =
    ranges.find((range) => range.type === 'gzip' || range.type === 'x-gzip') ??
    ranges.find((range) => range.type === '*');
  return named !== undefined && named.q > 0;
}

/** Parses `a;version=1;q=0.5, b`; a range whose `q` is not a number from 0 to 1 is ignored. */
function parseRanges(header: string): Range[] {
  return header.split(',').flatMap((part) => {
    const [type, ...rest] = part.split(';').map((piece) => piece.trim());
    if (!type) return [];
    const parameters = new Map<string, string>();
    for (const piece of rest) {
      const [name, value = ''] = piece.split('=', 2).map((side) => side.trim());
      parameters.set(name!.toLowerCase(), value.replace(/^"(.*)"$/, '$1'));
    }
    const q = parameters.get('q');
    const weight = q === undefined ? 1 : /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(q) ? Number(q) : 0;
    return [{ type: type.toLowerCase(), parameters, q: weight }];
  });
}
