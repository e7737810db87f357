import { type Command, Option } from 'commander';
import { imageFormatSchema } from '../../shared/image-format';
import { MAX_PRIORITY } from '../../shared/jobs';

/** An option with its values shown in the help and offered by shell completion; they are checked where the words of a job are, whose sentences say more. */
export function choiceOption(flags: string, description: string, choices: readonly string[]): Option {
  const option = new Option(flags, description);
  option.argChoices = [...choices];
  return option;
}

/** Gives a command the options that describe a job. @param use `edit` lets switches be taken back too */
export function withJobOptions(command: Command, use: 'new' | 'edit'): Command {
  const taken = (flags: string, description: string): Option[] =>
    use === 'edit' ? [new Option(flags, description)] : [];
  const describe = (text: string, preset: string): string => (use === 'edit' ? text : `${text} (default: ${preset})`);
  command
    .optionsGroup('What to render:')
    .option(
      '--frames <range>',
      describe('frames to render, as 1-48, 1-48x2 (every 2nd) or 1,5,9-12', 'the whole animation'),
    )
    .addOption(
      choiceOption('--order <order>', 'order of the frames; every-10, or another number, renders every 10th first', [
        'sequence',
        'middle-out',
        'list',
        'every-10',
      ]),
    )
    .option('--camera <name>', describe('a camera of the scene', 'its active one, or its first'))
    .option('--fps <n>', 'frames per second')
    .optionsGroup('Images:')
    .option(
      '--output <pattern>',
      'where the images go, #### being the frame number; // at its start is the scene’s folder',
    )
    .addOption(choiceOption('--format <format>', 'format of the images', imageFormatSchema.options))
    .option('--size <WxH>', 'size of the images in pixels, as 1280x720')
    .option('--percentage <n>', 'of that size, as Blender’s Resolution %')
    .option('--samples <n>', 'samples for each pixel')
    .option('--overwrite', 'render frames again whose image is there already');
  for (const option of taken('--no-overwrite', 'keep images that are there already')) command.addOption(option);
  command
    .optionsGroup('Blender:')
    .option('--scene-name <name>', describe('scene within the .blend', 'the one it was saved in'))
    .addOption(
      choiceOption('--render-engine <engine>', describe('engine within Blender', 'as the scene says'), [
        'cycles',
        'eevee',
        'workbench',
      ]),
    )
    .option('--engine <id>', 'which Blender, as “framegauge engines” names it: blender-4.2.0')
    .option('--allow-scripts', 'let Python scripts inside of the .blend run')
    .option('--factory-startup', 'without your own Blender settings and add-ons');
  for (const option of [
    ...taken('--no-allow-scripts', 'don’t let them run'),
    ...taken('--no-factory-startup', 'with your own settings and add-ons'),
  ])
    command.addOption(option);
  return command
    .optionsGroup('Queue:')
    .option('--priority <n>', describe(`from ${-MAX_PRIORITY} to ${MAX_PRIORITY}; higher goes first`, '0'))
    .option('--after <ids>', 'begin when these jobs have completed: 3 or 3,5; none for none')
    .option('--start-at <time>', 'not before 22:00 (the next such time), 2026-11-22T06:00, or +2h; now for at once')
    .option('--workers <n>', 'the most frames at once')
    .option('--attempts <n>', describe('how often a frame is tried before it is given up', 'preference queue.attempts'))
    .option(
      '--failure-share <share>',
      describe(
        'fail the job when more than this share of its frames failed, as 10% or 0.1',
        'preference queue.failureShare',
      ),
    )
    .optionsGroup('Options:');
}
