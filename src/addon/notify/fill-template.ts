/**
 * Replaces `{name}` by the value of that name. Names without a value stay as they are, and nothing else has a meaning:
 * values are not read for placeholders again.
 *
 * @returns at most 2,000 characters, with runs of blanks that an empty value leaves behind made one
 */
export function fillTemplate(template: string, values: Readonly<Record<string, string>>): string {
  const text = template.replace(/\{([a-z]+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? values[name]! : whole,
  );
  return shortened(text.replace(/ {2,}/g, ' ').trim(), 2_000);
}

/** Cuts a text to a length, never within a surrogate pair. */
export function shortened(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, length - 1);
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

/** A duration in words: `12 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. @param seconds 0 or more */
export function inWords(seconds: number): string {
  const whole = Math.round(seconds);
  const [minutes, hours, days] = [Math.floor(whole / 60), Math.floor(whole / 3_600), Math.floor(whole / 86_400)];
  const two = (large: number, unit: string, small: number, smallUnit: string): string =>
    small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${smallUnit}`;
  if (days > 0) return two(days, 'd', hours % 24, 'h');
  if (hours > 0) return two(hours, 'h', minutes % 60, 'min');
  if (minutes > 0) return two(minutes, 'min', whole % 60, 's');
  return `${whole} s`;
}

/** Local date and time, as `2026-11-21 14:03`. */
export function clock(time: number): string {
  const date = new Date(time - new Date(time).getTimezoneOffset() * 60_000);
  return date.toISOString().slice(0, 16).replace('T', ' ');
}
