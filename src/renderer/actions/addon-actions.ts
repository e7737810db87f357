import type { InstallResult } from '../../shared/addons';
import { messageOf, UserError } from '../../shared/user-error';
import { t } from '../../shared/texts/translate';
import type { ConsentQuestion } from '../app-store';
import { nameOf } from '../model/host-path';
import type { ActionContext } from './action-context';

const TOPIC = 'addon.install';

/** Which add-ons there are. What they do is switched in their panels. */
export function createAddonActions(context: ActionContext) {
  const { client, set, tell, settle, refused, call, withBusy } = context;

  /** @param attempt installs it, given the permissions that were agreed to */
  async function install(
    name: string,
    attempt: (consent: readonly string[]) => Promise<InstallResult>,
    consent: readonly string[] = [],
  ): Promise<void> {
    if (refused()) return;
    try {
      const result = await withBusy(t('Installing {name}', { name }), () => attempt(consent));
      settle(TOPIC);
      if (result.outcome === 'installed') {
        tell('success', sentenceOf(result), { topic: TOPIC });
        return;
      }
      const permissions = result.asks.map(({ permission }) => permission);
      set({
        consent: { asked: result, answer: (agreed) => void (agreed && install(name, attempt, permissions)) },
      });
    } catch (error) {
      tell('error', messageOf(error), { topic: TOPIC });
    }
  }

  /** Asks whether an update may do more than the installed version. */
  const agrees = (asked: ConsentQuestion['asked']): Promise<boolean> =>
    new Promise((answer) => set({ consent: { asked, answer } }));

  /** @returns whether it is updated; not where the person keeps the installed version */
  async function updateOne(id: string): Promise<boolean> {
    const update = (consent: string[]): Promise<InstallResult> => client.call('addon.install', { id, consent });
    const result = await update([]);
    if (result.outcome === 'installed') return true;
    if (!(await agrees(result))) return false;
    const again = await update(result.asks.map(({ permission }) => permission));
    if (again.outcome === 'consent')
      throw new UserError(t('It asks for other permissions than before: update it by itself.'));
    return true;
  }

  return {
    installAddonFile: (file: File): Promise<void> =>
      install(file.name, (consent) => client.installAddon(file, consent)),
    /** Lets the person choose with the system's dialog, where there is one. */
    async pickAndInstallAddon(): Promise<void> {
      if (refused() || client.pickAddon === null) return;
      const path = await client.pickAddon().catch((error: unknown) => {
        tell('error', messageOf(error));
        return null;
      });
      if (path !== null)
        await install(nameOf(path), (consent) => client.call('addon.install', { path, consent: [...consent] }));
    },
    /** Installs the newest version that a repository has, or updates to it. */
    installFromRepository: (id: string, name: string): Promise<void> =>
      install(name, (consent) => client.call('addon.install', { id, consent: [...consent] })),
    /** Updates add-ons one after another, with a question for each that asks for more. One that fails keeps no other. */
    async updateAddons(updates: readonly { readonly id: string; readonly name: string }[]): Promise<void> {
      if (refused()) return;
      const failures: string[] = [];
      let updated = 0;
      await withBusy(t('Updating {count} add-ons', { count: updates.length }), async () => {
        for (const { id, name } of updates)
          try {
            if (await updateOne(id)) updated++;
          } catch (error) {
            failures.push(`${name}: ${messageOf(error)}`);
          }
      });
      const done = t('{updated} of {count} add-ons are updated.', { updated, count: updates.length });
      tell(failures.length > 0 ? 'error' : 'success', [done, ...failures].join(' '), { topic: TOPIC });
    },
    /** Answers the question whether an update may have more permissions. */
    answerConsent(agreed: boolean): void {
      const { consent } = context.store.getState();
      set({ consent: null });
      consent?.answer(agreed);
    },
    async rollBackAddon(id: string): Promise<void> {
      const addon = await call('addon.rollBack', { id });
      if (addon)
        tell(
          'success',
          t('{name} is at version {version} again.', { name: addon.manifest.name, version: addon.manifest.version }),
          { topic: TOPIC },
        );
    },
    /** @returns whether it is gone */
    async uninstallAddon(id: string, removeData: boolean): Promise<boolean> {
      const removed = await call('addon.uninstall', { id, removeData });
      if (removed) tell('success', t('{name} is uninstalled.', { name: removed.name }), { topic: TOPIC });
      return removed !== undefined;
    },
    async showAddonFiles(id: string): Promise<void> {
      await client.showAddonFiles?.(id).catch((error: unknown) => tell('error', messageOf(error)));
    },
  };
}

function sentenceOf({ addon, replaced }: Extract<InstallResult, { outcome: 'installed' }>): string {
  const { name, version } = addon.manifest;
  return replaced === null
    ? t('{name} {version} is installed: enable it in Preferences › Add-ons.', { name, version })
    : t('{name} {version} is installed in place of {replaced}.', { name, version, replaced });
}
