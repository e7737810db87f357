import { ALL_SCENE_EXTENSIONS } from '../../../shared/scene-extensions';
import { quote } from './bash';
import type { CompletionCommand, Offer } from './model';

/** Generates a completion script for zsh. */
export function zshScript(commands: readonly CompletionCommand[]): string {
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
        : [`    ${flags.map((flag) => quote(`${path} ${flag}`)).join('|')}) ${offer(value)}; return ;;`],
    ),
  );
  const items = commands.map(({ path, options, commands: children, argument }) => {
    const words = [
      ...children.map(({ name, description }) => [name, description] as const),
      ...options.flatMap(({ flags, description }) => flags.map((flag) => [flag, description] as const)),
    ];
    const offered = argument ? ` [[ $PREFIX == -* ]] || ${offer(argument)};` : '';
    return `    ${quote(path)})${offered} items=(${words.map(([name, description]) => quote(`${name.replaceAll(':', String.raw`\:`)}:${description}`)).join(' ')}) ;;`;
  });
  return `#compdef framegauge
# Completion of framegauge for zsh. Put it into ~/.zshrc, after compinit:  source <(framegauge completion zsh)
_framegauge() {
  local cmd='' word
  local -i i
  local -a items
  for ((i = 2; i < CURRENT; i++)); do
    word=$words[i]
    case $word in
      (${withValue.join('|')}) i+=1; continue ;;
    esac
    case $cmd/$word in
      (${paths.join('|')}) cmd=$cmd/$word ;;
    esac
  done
  case "$cmd $words[CURRENT-1]" in
${values.map((line) => line.replace(/^ {4}/, '    (')).join('\n')}
  esac
  case $cmd in
${items.map((line) => line.replace(/^ {4}/, '    (')).join('\n')}
  esac
  _describe framegauge items
}
compdef _framegauge framegauge
`;
}

function offer(what: Offer): string {
  if (what.kind === 'values') return `compadd -- ${what.values.map(quote).join(' ')}`;
  if (what.kind === 'scenes')
    return `_files -g '*.(${ALL_SCENE_EXTENSIONS.map((ending) => ending.slice(1)).join('|')})'`;
  return what.kind === 'files' ? '_files' : ':';
}
