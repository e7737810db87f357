import { ALL_SCENE_EXTENSIONS } from '../../../shared/scene-extensions';
import type { CompletionCommand, Offer } from './model';

/** Single-quotes text for fish, which has two escape sequences inside quotes. */
const quote = (text: string): string => `'${text.replaceAll('\\', String.raw`\\`).replaceAll("'", String.raw`\'`)}'`;

/** Generates a completion script for fish. */
export function fishScript(commands: readonly CompletionCommand[]): string {
  const paths = commands.filter(({ path }) => path !== '').map(({ path }) => path);
  const withValue = [
    ...new Set(
      commands.flatMap(({ options }) => options.filter(({ value }) => value !== null).flatMap(({ flags }) => flags)),
    ),
  ];
  const lines = commands.flatMap(({ path, options, commands: children, argument }) => {
    const at = `complete -c framegauge -n ${quote(`__framegauge_at '${path}'`)}`;
    return [
      ...children.map(({ name, description }) => `${at} -f -a ${quote(name)} -d ${quote(description)}`),
      ...(argument && argument.kind !== 'anything' ? [`${at} ${offer(argument)}`] : []),
      ...options.map(({ flags, description, value }) => {
        const names = flags
          .map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`))
          .join(' ');
        return `${at} ${names}${value === null ? '' : ` -r ${offer(value)}`} -d ${quote(description)}`;
      }),
    ];
  });
  return `# Completion of framegauge for fish. Put it into ~/.config/fish/config.fish:  framegauge completion fish | source
function __framegauge_at
    set -l path ''
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
            continue
        end
        if contains -- $word ${withValue.join(' ')}
            set skip 1
        else if contains -- $path/$word ${paths.join(' ')}
            set path $path/$word
        end
    end
    test "$path" = "$argv[1]"
end
complete -c framegauge -f
${lines.join('\n')}
`;
}

function offer(what: Offer): string {
  if (what.kind === 'values') return `-f -a ${quote(what.values.join(' '))}`;
  if (what.kind === 'scenes') return `-F -a ${quote(`(__fish_complete_suffix ${ALL_SCENE_EXTENSIONS.join(' ')})`)}`;
  return what.kind === 'files' ? '-F' : '-f';
}
