import { Argument, type Command } from 'commander';
import { UserError } from '../../../shared/user-error';
import type { Cli } from '../cli';
import { bashScript } from '../completion/bash';
import { fishScript } from '../completion/fish';
import { completionModel } from '../completion/model';
import { zshScript } from '../completion/zsh';

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };

/** `completion`: prints a shell script that completes commands, options and their values. */
export function addCompletionCommand(program: Command, cli: Cli): void {
  const shell = new Argument('<shell>', 'bash, zsh or fish');
  shell.argChoices = Object.keys(scripts);
  program
    .command('completion')
    .description('print a completion script for your shell')
    .addArgument(shell)
    .addHelpText(
      'after',
      `
Put one of these into your shell’s configuration:
  source <(framegauge completion bash)       in ~/.bashrc
  source <(framegauge completion zsh)        in ~/.zshrc, after compinit
  framegauge completion fish | source        in ~/.config/fish/config.fish`,
    )
    .action(
      cli.run((name: string) => {
        if (!Object.hasOwn(scripts, name))
          throw new UserError(`There is no completion for “${name}”: write bash, zsh or fish.`, 'arguments');
        cli.terminal.out.write(scripts[name as keyof typeof scripts](completionModel(program)));
        return Promise.resolve(0);
      }),
    );
}
