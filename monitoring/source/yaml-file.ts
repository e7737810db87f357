import { stringify } from 'yaml';

const HEADER = '# Made by “npm run monitoring”: change monitoring/source and run it again.\n';

/** A YAML file of the kit. @param about lines for whoever opens it, after the one that says where it comes from */
export function yamlFile(content: unknown, about: readonly string[] = []): string {
  return (
    HEADER +
    about.map((line) => `# ${line}\n`).join('') +
    stringify(content, { lineWidth: 0, defaultStringType: 'PLAIN', singleQuote: true, aliasDuplicateObjects: false })
  );
}
