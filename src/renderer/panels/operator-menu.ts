import type { Operator } from '../../shared/operators';
import type { PreferenceValues } from '../../shared/addons';
import type { App } from '../app-context';
import type { MenuItems } from '../controls/menu-list';
import { chosenKeys, operatorKeys } from '../model/operator-keys';

/**
 * The entries of add-ons' operators in a menu, each add-on's below its name.
 *
 * @param given parameters that the menu's place knows
 */
export function operatorMenu(
  operators: readonly Operator[],
  menu: NonNullable<Operator['menu']>,
  { actions, store }: Pick<App, 'actions' | 'store'>,
  given: (operator: Operator) => PreferenceValues = () => ({}),
): MenuItems {
  const keys = operatorKeys(operators, chosenKeys(store.getState().model.host?.preferences));
  const shown = operators.filter((operator) => operator.menu === menu);
  const addonIds = [...new Set(shown.map(({ addonId }) => addonId))];
  return addonIds.flatMap((addonId) => [
    { heading: shown.find((operator) => operator.addonId === addonId)!.addonName },
    ...shown.flatMap((operator) => {
      if (operator.addonId !== addonId) return [];
      const parameters = given(operator);
      const asks =
        operator.confirm !== undefined || operator.parameters.some(({ key }) => !Object.hasOwn(parameters, key));
      const key = keys.get(operator.id)?.key;
      return {
        id: `operator:${operator.id}`,
        label: asks ? `${operator.label}…` : operator.label,
        changes: true,
        ...(key ? { keys: key } : {}),
        run: () => actions.openOperator(operator, parameters),
      };
    }),
  ]);
}
