import { type Argument, Command, Help, type HelpConfiguration } from 'commander';
import { VERSION } from '../version';
import { createCli } from './cli';
import { addCompletionCommand } from './commands/completion';
import { addDeleteCommand } from './commands/delete';
import { addEnginesCommand } from './commands/engines';
import { addEventsCommand } from './commands/events';
import { addInspectCommand } from './commands/inspect';
import { addJobActionCommands } from './commands/job-actions';
import { addJobListCommands } from './commands/jobs';
import { addLogsCommand } from './commands/logs';
import { addMachineCommands } from './commands/machines';
import { addQueueCommands } from './commands/queue';
import { addRenderCommands } from './commands/render';
import { addRunCommand } from './commands/run-operator';
import { addServeCommands } from './commands/serve';
import { addSetupCommands } from './commands/setup';
import { addWatchCommand } from './commands/watch';
import { type Terminal, guardTerminal } from './terminal';

/** The whole command line. Command groups are the sections of the help. */
export function createProgram(given: Terminal): Command {
  const terminal = guardTerminal(given);
  const program = new Command('framegauge');
  const cli = createCli(terminal, program);
  program
    .description('Renders animations of glTF and Blender scenes from a queue, and exposes metrics for Prometheus.')
    .version(VERSION)
    .option(
      '--data <folder>',
      'folder for the queue, preferences, add-ons and logs (default: FRAMEGAUGE_DATA, else the platform’s usual location)',
    )
    .configureOutput({
      writeOut: (text) => void terminal.out.write(text),
      writeErr: (text) => void terminal.err.write(text),
    })
    .exitOverride()
    .configureHelp(helpStyle)
    .showHelpAfterError('(see “framegauge --help”)')
    .addHelpText(
      'after',
      `
Commands talk to the host running on the data folder, if there is one, or to a remote one with --host URL --token T.
Exit codes: 0 success, every requested frame is there; 1 failure; 2 wrong arguments; 70 internal error.`,
    );

  program.commandsGroup('Rendering:');
  addRenderCommands(program, cli);
  addServeCommands(program, cli);
  program.commandsGroup('Viewing:');
  addInspectCommand(program, cli);
  addJobListCommands(program, cli);
  addWatchCommand(program, cli);
  addLogsCommand(program, cli);
  addEventsCommand(program, cli);
  program.commandsGroup('Managing jobs:');
  addJobActionCommands(program, cli);
  addDeleteCommand(program, cli);
  program.commandsGroup('Managing the queue:');
  addQueueCommands(program, cli);
  program.commandsGroup('Several machines:');
  addMachineCommands(program, cli);
  program.commandsGroup('Setup:');
  addEnginesCommand(program, cli);
  addSetupCommands(program, cli);
  addRunCommand(program, cli);
  addCompletionCommand(program, cli);
  program.helpCommand('help [command]', 'show help for a command');
  return program;
}

/** Help without noise: no generic “[options]”, no quotes around choices. */
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
