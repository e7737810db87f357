import { type Argument, Command, Help, type HelpConfiguration } from 'commander';
import { VERSION } from '../version';
import { createCli } from './cli';
import { addCompletionCommand } from './commands/completion';
import { addDeleteCommand } from './commands/delete';
import { addEnginesCommand } from './commands/engines';
import { addEventsCommand } from './commands/events';
import { addJobActionCommands } from './commands/job-actions';
import { addJobListCommands } from './commands/jobs';
import { addLogsCommand } from './commands/logs';
import { addQueueCommands } from './commands/queue';
import { addRenderCommands } from './commands/render';
import { addServeCommands } from './commands/serve';
import { addSetupCommands } from './commands/setup';
import { addWatchCommand } from './commands/watch';
import type { Terminal } from './terminal';

/** The whole command line. Its groups are the sections of the help. */
export function createProgram(terminal: Terminal): Command {
  const program = new Command('framegauge');
  const cli = createCli(terminal, program);
  program
    .description(
      'Renders animations of glTF and Blender scenes, keeps a queue of them, and tells Prometheus how it goes.',
    )
    .version(VERSION)
    .option(
      '--data <folder>',
      'folder of the queue, preferences, add-ons and logs (default: FRAMEGAUGE_DATA, else the platform’s own place)',
    )
    .exitOverride()
    .configureHelp(helpStyle)
    .showHelpAfterError('(“framegauge --help” tells more)')
    .addHelpText(
      'after',
      `
Commands speak to the host that runs on the data folder, if there is one, or to one elsewhere with --host URL --token T.
Exit codes: 0 all is well, and every frame asked for is there; 1 not; 2 the arguments were wrong.`,
    );

  program.commandsGroup('Rendering:');
  addRenderCommands(program, cli);
  addServeCommands(program, cli);
  program.commandsGroup('Looking on:');
  addJobListCommands(program, cli);
  addWatchCommand(program, cli);
  addLogsCommand(program, cli);
  addEventsCommand(program, cli);
  program.commandsGroup('Steering jobs:');
  addJobActionCommands(program, cli);
  addDeleteCommand(program, cli);
  program.commandsGroup('Steering the queue:');
  addQueueCommands(program, cli);
  program.commandsGroup('Setting up:');
  addEnginesCommand(program, cli);
  addSetupCommands(program, cli);
  addCompletionCommand(program, cli);
  program.helpCommand('help [command]', 'say more about a command');
  return program;
}

/** The help without what says nothing: that every command has options, that every word is a choice in quotes. */
const helpStyle: HelpConfiguration = {
  showGlobalOptions: true,
  subcommandTerm(command) {
    const words = command.commands.filter((child) => child.name() !== 'show').map((child) => child.name());
    if (words.length > 0) return `${command.name()} ${words.join('|')}`;
    return [command.name(), ...command.registeredArguments.map((argument) => humanReadableArgument(argument))].join(
      ' ',
    );
  },
  optionDescription(option) {
    const choices = option.argChoices ? `${option.description}: ${option.argChoices.join(', ')}` : option.description;
    return option.defaultValue === undefined || option.isBoolean()
      ? choices
      : `${choices} (default: ${String(option.defaultValue)})`;
  },
  visibleGlobalOptions(command) {
    return Help.prototype.visibleGlobalOptions.call(this, command).filter((option) => option.long !== '--version');
  },
};

function humanReadableArgument(argument: Argument): string {
  const name = argument.name() + (argument.variadic ? '...' : '');
  return argument.required ? `<${name}>` : `[${name}]`;
}
