import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

/** Folder of the kit in the repository. */
export const KIT = resolve(import.meta.dirname, '../../monitoring');

export interface Rule {
  readonly name: string;
  readonly expr: string;
  readonly kind: 'alert' | 'record';
  readonly content: {
    readonly for?: string;
    readonly labels?: Record<string, string>;
    readonly annotations?: Record<string, string>;
  };
}

/** Every rule of the kit, as its files have them. */
export function rules(): Rule[] {
  return ['rules/recording.yml', 'rules/alerts.yml'].flatMap((file) => {
    const { groups } = parse(readFileSync(join(KIT, file), 'utf8')) as {
      groups: { rules: ({ expr: string; alert?: string; record?: string } & Rule['content'])[] }[];
    };
    return groups.flatMap((group) =>
      group.rules.map((rule) => ({
        name: rule.alert ?? rule.record!,
        expr: rule.expr,
        kind: rule.alert ? ('alert' as const) : ('record' as const),
        content: rule,
      })),
    );
  });
}

export interface DashboardPanel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: { readonly uid: string };
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
  readonly targets?: readonly {
    readonly expr: string;
    readonly refId: string;
    readonly instant?: boolean;
    readonly range?: boolean;
    readonly legendFormat?: string;
  }[];
}

export interface Dashboard {
  readonly uid: string;
  readonly panels: readonly DashboardPanel[];
  readonly templating: {
    readonly list: readonly {
      readonly name: string;
      readonly type: string;
      readonly multi?: boolean;
      readonly includeAll?: boolean;
      readonly allValue?: string;
      readonly query: unknown;
    }[];
  };
}

export function dashboard(): Dashboard {
  return JSON.parse(readFileSync(join(KIT, 'grafana/dashboards/framegauge.json'), 'utf8')) as Dashboard;
}
