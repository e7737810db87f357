import { type PanelBuilder, chosen, lines, timeline } from './panels';

const MACHINE = '{{machine}}';
const perMachine = (expr: string): string => `sum by (instance, machine) (${expr})`;
const rate = (name: Parameters<typeof chosen>[0]): string => perMachine(`rate(${chosen(name)}[$__rate_interval])`);

/** The machines of a farm; empty where a host manages none. */
export function farmRow(): PanelBuilder[] {
  return [
    timeline({
      title: 'Machines',
      description: 'Whether each machine of the farm is there. A gap means that it was no part of the farm.',
      unit: 'none',
      width: 16,
      height: 7,
      states: { 1: ['Cut off', 'red'], 2: ['There', 'green'] },
      queries: [
        {
          expr: `max by (instance, machine) (${chosen('framegauge_machine_up')}) + 1`,
          legend: `${MACHINE} · {{instance}}`,
        },
      ],
    }),
    timeline({
      title: 'Ticket queue',
      description:
        'Whether the manager reaches the Redis that carries frames to machines. None is lost while it is away.',
      unit: 'none',
      width: 8,
      height: 7,
      states: { 1: ['Away', 'red'], 2: ['Up', 'green'] },
      queries: [{ expr: `max by (instance) (${chosen('framegauge_farm_queue_up')}) + 1`, legend: '{{instance}}' }],
    }),
    lines({
      title: 'Machines by state',
      description: 'How many machines render, wait for frames, rest, are refused for their version, or are cut off.',
      unit: 'none',
      width: 8,
      height: 8,
      stacked: true,
      queries: [{ expr: `sum by (state) (${chosen('framegauge_farm_machines')})`, legend: '{{state}}' }],
    }),
    lines({
      title: 'Frames per minute by machine',
      description:
        'Frames that each machine rendered. One that falls behind while others work has a problem of its own.',
      unit: 'frames/min',
      width: 8,
      height: 8,
      stacked: true,
      queries: [{ expr: `${rate('framegauge_machine_frames_rendered_total')} * 60`, legend: MACHINE }],
    }),
    lines({
      title: 'Frame time by machine',
      description: 'Mean time of a frame in the workers of each machine.',
      unit: 's',
      width: 8,
      height: 8,
      queries: [
        {
          expr: `${rate('framegauge_machine_frame_seconds_total')} / (${rate('framegauge_machine_frames_rendered_total')} > 0)`,
          legend: MACHINE,
        },
      ],
    }),
    lines({
      title: 'Frames in work by machine',
      description: 'Frames that each machine has, and the number of workers that it lends.',
      unit: 'none',
      width: 8,
      height: 8,
      queries: [
        { expr: perMachine(chosen('framegauge_machine_frames_active')), legend: MACHINE },
        { expr: perMachine(chosen('framegauge_machine_workers')), legend: `workers · ${MACHINE}` },
      ],
    }),
    lines({
      title: 'Frames handed out again',
      description:
        'Frames that were taken from a machine because it died, was cut off or could not render, and files that it delivered too late.',
      unit: 'none',
      width: 8,
      height: 8,
      stacked: true,
      queries: [
        {
          expr: perMachine(`increase(${chosen('framegauge_machine_leases_lost_total')}[$__rate_interval])`),
          legend: MACHINE,
        },
        {
          expr: perMachine(`increase(${chosen('framegauge_machine_deliveries_refused_total')}[$__rate_interval])`),
          legend: `refused · ${MACHINE}`,
        },
      ],
    }),
    lines({
      title: 'Delivered by machine',
      description: 'Images that machines send to the manager over the network.',
      unit: 'Bps',
      width: 8,
      height: 8,
      stacked: true,
      queries: [{ expr: rate('framegauge_machine_delivered_bytes_total'), legend: MACHINE }],
    }),
  ];
}
