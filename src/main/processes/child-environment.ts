/**
 * Our environment variables that may contain credentials: tokens, and the address of a host, which may include a token.
 */
const SECRET = /^FRAMEGAUGE_(?:HOST$|.*(?:TOKEN|SECRET|PASSWORD|PASSPHRASE|CREDENTIAL|KEY))/i;

/**
 * Removes credentials from this process's environment after they were read: programs not started by us, such as the
 * desktop's `xdg-open`, would inherit them.
 *
 * @returns restores them, for restarting this process
 */
export function withdrawSecrets(env: NodeJS.ProcessEnv = process.env): () => void {
  const secrets = Object.entries(env).filter(([name]) => SECRET.test(name));
  for (const [name] of secrets) delete env[name];
  return () => void Object.assign(env, Object.fromEntries(secrets));
}

/**
 * The environment for every process the host starts, be it Blender, a browser, an add-on or a command: the host's own
 * without credentials, with which the process, scripts in it, and anyone who can see its environment could control the
 * host.
 *
 * @param further additional variables, which may include ours
 */
export function childEnvironment(
  further: Readonly<NodeJS.ProcessEnv> = {},
  env: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  return { ...Object.fromEntries(Object.entries(env).filter(([name]) => !SECRET.test(name))), ...further };
}
