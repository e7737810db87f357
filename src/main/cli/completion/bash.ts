import { ALL_SCENE_EXTENSIONS } from '../../../shared/scene-extensions';
import type { CompletionCommand, Offer } from './model';

/** Single-quotes text for a POSIX shell. */
export const quote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** Generates a completion script for bash, from version 3.2, which macOS ships. */
export function bashScript(commands: readonly CompletionCommand[]): string {
  const paths = commands.filter(({ path }) => path !== '').map(({ path }) => path);
  const withValue = [
    ...new Set(
      commands.flatMap(({ options }) => options.filter(({ value }) => value !== null).flatMap(({ flags }) => flags)),
    ),
  ];
  const values = commands.flatMap(({ path, options }) =>
    options.flatMap(({ flags, value }) =>
      value === null
        ? []
        : [`    ${flags.map((flag) => quote(`${path} ${flag}`)).join('|')}) ${offer(value)} return ;;`],
    ),
  );
  const words = commands.map(
    ({ path, options, commands: children, argument }) =>
      `    ${quote(path)}) words=${quote([...children.map(({ name }) => name), ...options.flatMap(({ flags }) => flags)].join(' '))}${argument ? `; [[ $cur == -* ]] || { ${offer(argument)} }` : ''} ;;`,
  );
  return `# Completion of framegauge for bash. Put it into ~/.bashrc:  source <(framegauge completion bash)
_framegauge() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} path='' words='' word i IFS=$' \\t\\n'
  COMPREPLY=()
  # --option=value comes as three words.
  if [[ $cur == = ]]; then cur=''; elif [[ $prev == = ]]; then prev=\${COMP_WORDS[COMP_CWORD-2]}; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    case $word in
      ${withValue.join('|')}) i=$((i + 1)); [[ \${COMP_WORDS[i]} == = ]] && i=$((i + 1)); continue ;;
    esac
    case $path/$word in
      ${paths.join('|')}) path=$path/$word ;;
    esac
  done
  case "$path $prev" in
${values.join('\n')}
  esac
  case $path in
${words.join('\n')}
  esac
  COMPREPLY+=($(compgen -W "$words" -- "$cur"))
}
_framegauge_files() {
  local IFS=$'\\n'
  compopt -o filenames 2>/dev/null
  if [[ $1 == scenes ]]; then
    COMPREPLY+=($(compgen -d -- "$2"; ${ALL_SCENE_EXTENSIONS.map((ending) => `compgen -f -X '!*${ending}' -- "$2"`).join('; ')}))
  else
    COMPREPLY+=($(compgen -f -- "$2"))
  fi
}
complete -F _framegauge framegauge
`;
}

function offer(what: Offer): string {
  if (what.kind === 'values') return `COMPREPLY=($(compgen -W ${quote(what.values.join(' '))} -- "$cur"));`;
  if (what.kind === 'anything') return ':;';
  return `_framegauge_files ${what.kind} "$cur";`;
}
