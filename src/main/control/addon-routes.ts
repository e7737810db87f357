import { z } from 'zod';
import { addonLogLineSchema, addonSchema, preferenceValueSchema } from '../../shared/addons';
import { type OperationOutput, operations } from '../../shared/host-api';
import { Problem } from '../http/problem';
import { type RestRoute, route } from './rest-route';

const addonId = z.object({ id: z.string().describe('Id of the add-on, as prometheus') });

function addonNamed(
  addons: OperationOutput<'host.state'>['addons'],
  id: string,
): OperationOutput<'host.state'>['addons'][number] {
  const addon = addons.find(({ manifest }) => manifest.id === id);
  if (!addon) throw new Problem(404, `There is no add-on “${id}”.`);
  return addon;
}

/** Routes of the add-ons. */
export const addonRoutes: readonly RestRoute[] = [
  route('GET', '/addons', 'host.state', 'The add-ons', {
    id: 'listAddons',
    tag: 'Add-ons',
    output: z.array(addonSchema),
    answer: ({ addons }) => addons,
  }),
  route('GET', '/addons/:id', 'host.state', 'One add-on', {
    id: 'getAddon',
    tag: 'Add-ons',
    params: addonId,
    input: () => ({}),
    output: addonSchema,
    answer: ({ addons }, { params }) => addonNamed(addons, params.id),
  }),
  route('POST', '/addons/:id/enable', 'addon.enable', 'Enables an add-on', {
    id: 'enableAddon',
    tag: 'Add-ons',
    params: addonId,
  }),
  route('POST', '/addons/:id/disable', 'addon.disable', 'Disables an add-on', {
    id: 'disableAddon',
    tag: 'Add-ons',
    params: addonId,
  }),
  route('GET', '/addon-catalogue', 'addon.catalogue', 'What the repositories offer; reads all of them', {
    id: 'getAddonCatalogue',
    tag: 'Add-ons',
  }),
  route(
    'POST',
    '/addons/install',
    'addon.install',
    'Installs the add-on in a .zip or folder on the host’s machine (path), or one of a repository (id), or updates the one with the same id; an update that asks for further permissions changes nothing and answers with them',
    {
      id: 'installAddon',
      tag: 'Add-ons',
      body: operations['addon.install'].input,
    },
  ),
  route('POST', '/addons/:id/roll-back', 'addon.rollBack', 'Goes back to the version before the last update', {
    id: 'rollBackAddon',
    tag: 'Add-ons',
    params: addonId,
  }),
  route('DELETE', '/addons/:id', 'addon.uninstall', 'Uninstalls an add-on', {
    id: 'uninstallAddon',
    tag: 'Add-ons',
    params: addonId,
    query: z.strictObject({
      removeData: z.boolean().default(false).describe('Delete its preferences and what it has stored too'),
    }),
  }),
  route('GET', '/addons/:id/log', 'addon.log', 'What an add-on logged', {
    id: 'getAddonLog',
    tag: 'Add-ons',
    params: addonId,
    output: z.array(addonLogLineSchema),
  }),
  route('GET', '/addons/:id/preferences', 'host.state', 'The preferences of an add-on; secrets are not shown', {
    id: 'getAddonPreferences',
    tag: 'Add-ons',
    params: addonId,
    input: () => ({}),
    output: addonSchema.shape.preferences,
    answer: ({ addons }, { params }) => addonNamed(addons, params.id).preferences,
  }),
  route('PUT', '/addons/:id/preferences/:key', 'preferences.set', 'Sets a preference of an add-on', {
    id: 'setAddonPreference',
    tag: 'Add-ons',
    params: addonId.extend({ key: z.string().describe('As address') }),
    body: z.strictObject({ value: preferenceValueSchema }),
    input: ({ params, body }) => ({ key: `addons.${params.id}.${params.key}`, value: body.value }),
  }),
];
