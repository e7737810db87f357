import type { MetricFamily } from '../../shared/addon-protocol';

/**
 * Further labels of a route. prom-client has one list of label names for a metric; the routes of add-ons have labels of
 * their own. They travel within the label `route` as JSON, behind a character that no route has.
 */
const SEPARATOR = '\n';

/** The value of the label `route` that carries further labels. */
export function packRoute(route: string, labels: Readonly<Record<string, string>>): string {
  return Object.keys(labels).length === 0 ? route : `${route}${SEPARATOR}${JSON.stringify(labels)}`;
}

/** Gives the samples of such routes their labels. The given families stay as they are. */
export function unpackRoutes(families: readonly MetricFamily[]): MetricFamily[] {
  return families.map((family) => {
    if (!family.values.some(({ labels }) => isPacked(labels['route']))) return family;
    return {
      ...family,
      values: family.values.map((sample) => {
        const { route } = sample.labels;
        if (!isPacked(route)) return sample;
        const at = route.indexOf(SEPARATOR);
        const further = JSON.parse(route.slice(at + 1)) as Record<string, string>;
        return { ...sample, labels: { ...further, ...sample.labels, route: route.slice(0, at) } };
      }),
    };
  });
}

const isPacked = (route: string | number | undefined): route is string =>
  typeof route === 'string' && route.includes(SEPARATOR);
