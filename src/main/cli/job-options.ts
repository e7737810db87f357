import { type Command, Option } from 'commander';
import { IMAGE_FORMATS } from '../../shared/image-format';
import { MAX_PRIORITY, RENDER_DEVICES } from '../../shared/job-constants';

/**
 * An option whose values are shown in the help and offered by shell completion. They are not validated here: the check
 * of job words gives better error sentences.
 */
export function choiceOption(flags: string, description: string, choices: readonly string[]): Option {
  const option = new Option(flags, description);
  option.argChoices = [...choices];
  return option;
}

/** Adds the options for existing images to a command. */
export function withConflictOptions(command: Command): Command {
  return command
    .option('--overwrite', 'render over existing images')
    .option('--keep-existing', 'accept existing images as this job’s, whoever made them')
    .option('--new-version', 'if other images are in the way, render beside them, into v002');
}

/** Adds the options that describe a job. @param use `edit` also allows switches to be turned off */
export function withJobOptions(command: Command, use: 'new' | 'edit'): Command {
  const taken = (flags: string, description: string): Option[] =>
    use === 'edit' ? [new Option(flags, description)] : [];
  const describe = (text: string, preset: string): string => (use === 'edit' ? text : `${text} (default: ${preset})`);
  command
    .optionsGroup('What to render:')
    .option(
      '--frames <range>',
      describe('frames to render: 1-48, 1-48x2 (every 2nd) or 1,5,9-12', 'the whole animation'),
    )
    .addOption(
      choiceOption('--order <order>', 'order of the frames; every-10 (any number works) renders every 10th first', [
        'sequence',
        'middle-out',
        'list',
        'every-10',
      ]),
    )
    .option('--camera <name>', describe('camera to render from', 'the active one, else the first'))
    .option('--scene-name <name>', describe('scene within the file', 'the active one'))
    .addOption(
      new Option('--animation <name>', describe('glTF animation to play; repeatable', 'all of them')).argParser(
        (name: string, before?: string[]) => [...(before ?? []), name],
      ),
    )
    .option('--fps <n>', 'frames per second')
    .optionsGroup('Images:')
    .option('--output <pattern>', 'path of the images: #### is the frame number, a leading // the scene’s folder')
    .addOption(choiceOption('--format <format>', 'image format', IMAGE_FORMATS))
    .option('--size <WxH>', 'image size in pixels, such as 1280x720')
    .option('--percentage <n>', 'percentage of that size, like Blender’s Resolution %')
    .option('--samples <n>', 'samples per pixel')
    .option('--transparent', describe('transparent background', 'as the scene says'));
  withConflictOptions(command);
  for (const option of [
    ...taken('--no-transparent', 'opaque background'),
    ...taken('--no-overwrite', 'keep images that are there already'),
    ...taken('--no-keep-existing', 'take only images that are this job’s'),
  ])
    command.addOption(option);
  command
    .optionsGroup('Blender:')
    .addOption(
      choiceOption('--render-engine <engine>', describe('render engine within Blender', 'as the scene says'), [
        'cycles',
        'eevee',
        'workbench',
      ]),
    )
    .addOption(
      choiceOption(
        '--device <device>',
        describe('compute device for Cycles', 'as the file and Blender’s preferences say'),
        RENDER_DEVICES,
      ),
    )
    .option('--engine <id>', 'which Blender, as listed by “framegauge engines”: blender-4.2.0')
    .option('--allow-scripts', 'allow Python scripts in the .blend to run')
    .option('--factory-startup', 'ignore your Blender settings and add-ons');
  for (const option of [
    ...taken('--no-allow-scripts', 'don’t let them run'),
    ...taken('--no-factory-startup', 'with your own settings and add-ons'),
  ])
    command.addOption(option);
  return command
    .optionsGroup('Queue:')
    .option('--name <text>', describe('what the job is called', 'the scene’s name'))
    .option('--note <text>', 'anything worth remembering about it')
    .option('--priority <n>', describe(`from ${-MAX_PRIORITY} to ${MAX_PRIORITY}; higher first`, '0'))
    .option('--after <ids>', 'begin when these jobs have completed: 3 or 3,5; none for none')
    .option('--start-at <time>', 'not before 22:00 (the next such time), 2026-11-22T06:00, or +2h; now for at once')
    .option('--workers <n>', 'maximum frames at once')
    .option('--attempts <n>', describe('attempts per frame before it is given up', 'preference queue.attempts'))
    .option(
      '--failure-share <share>',
      describe(
        'fail the job when more than this share of its frames failed, as 10% or 0.1',
        'preference queue.failureShare',
      ),
    )
    .optionsGroup('Machines of the farm:')
    .option('--tags <tags>', describe('only machines that have all of these tags: gpu,linux; none for none', 'none'))
    .option('--block <names>', describe('not these machines: left,right; manager is the manager’s own', 'none'))
    .option('--max-machines <n>', describe('maximum machines at once; any for no limit', 'any'))
    .optionsGroup('Options:');
}
