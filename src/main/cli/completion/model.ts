import type { Argument, Command, Option } from 'commander';

/** What a shell can offer as the next word. */
export type Offer =
  | { readonly kind: 'values'; readonly values: readonly string[] }
  | { readonly kind: 'files' }
  | { readonly kind: 'scenes' }
  | { readonly kind: 'anything' };

interface CompletionOption {
  /** As typed: `--format`, `-h`. */
  readonly flags: readonly string[];
  readonly description: string;
  /** Null where it takes no value. */
  readonly value: Offer | null;
}

/** A command's description for completion. */
export interface CompletionCommand {
  /** Its words, each preceded by a slash: `/queue/pause`; empty for the program itself. */
  readonly path: string;
  readonly description: string;
  readonly options: readonly CompletionOption[];
  /** Subcommands. */
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  /** What its arguments are. */
  readonly argument: Offer | null;
}

/**
 * Derives the model from the commander program, so that completion cannot drift from the actual commands. The program
 * itself comes first.
 */
export function completionModel(program: Command): CompletionCommand[] {
  const global = program
    .createHelp()
    .visibleOptions(program)
    .filter((option) => option.long !== '--help' && option.long !== '--version');
  return walk(program, '', global);
}

function walk(command: Command, path: string, global: readonly Option[]): CompletionCommand[] {
  const help = command.createHelp();
  const commands = help.visibleCommands(command);
  const own = help.visibleOptions(command);
  // The options of a default subcommand are also valid on its parent.
  const main = command.commands.find(
    (child) => (command as unknown as { _defaultCommandName: string | null })._defaultCommandName === child.name(),
  );
  const options = [
    ...own,
    ...(main
      ? main
          .createHelp()
          .visibleOptions(main)
          .filter((option) => option.long !== '--help')
      : []),
  ];
  const here: CompletionCommand = {
    path,
    description: help.commandDescription(command),
    options: [
      ...options,
      ...(path === '' ? [] : global.filter((option) => !options.some(({ long }) => long === option.long))),
    ].map(optionOf),
    commands: commands.map((child) => ({ name: child.name(), description: help.subcommandDescription(child) })),
    argument: command.registeredArguments[0] ? offerOf(command.registeredArguments[0]) : null,
  };
  // commander's generated help command has no options of its own.
  return [
    here,
    ...commands
      .filter((child) => command.commands.includes(child))
      .flatMap((child) => walk(child, `${path}/${child.name()}`, global)),
  ];
}

function optionOf(option: Option): CompletionOption {
  return {
    flags: [option.long, option.short].filter((flag) => flag !== undefined && flag !== null),
    description: option.description,
    value:
      option.isBoolean() || option.negate
        ? null
        : valueOf(option.argChoices, /[<[]([^>\].]+)/.exec(option.flags)?.[1] ?? ''),
  };
}

const offerOf = (argument: Argument): Offer => valueOf(argument.argChoices, argument.name());

/** Derives the kind of a value from its name in the help. */
function valueOf(choices: readonly string[] | undefined, name: string): Offer {
  if (choices) return { kind: 'values', values: choices };
  if (name === 'scene') return { kind: 'scenes' };
  if (name === 'file' || name === 'folder' || name === 'pattern') return { kind: 'files' };
  return { kind: 'anything' };
}
