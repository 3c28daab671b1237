import { formatBytes, formatCount, formatShare, plural, printable } from '../../shared/format';
import type { MachineLook } from './machine';

/** More stolen than this is another machine's turn that shows. */
const STOLEN = 0.01;
/** Less memory than this makes the system take from programs. */
const FREE = 0.05;
const PRESSURE = 0.01;

/** Why runs may differ so much on this machine, and what to do: a sentence for each cause that is seen. */
export function describeNoise(noise: number, looks: readonly MachineLook[]): string[] {
  const head = `Runs vary by ${formatShare(noise)}: below 10 % a verdict on a small change is possible.`;
  const causes = noiseCauses(looks);
  if (causes.length > 0) return [head, ...causes];
  return [
    `${head} Nothing on this machine explains it: the program itself may vary, by its input, by the network, or by chance; a fixed seed or a larger input helps.`,
  ];
}

export function noiseCauses(looks: readonly MachineLook[]): string[] {
  const [first] = looks;
  const last = looks.at(-1);
  if (!first || !last) return [];
  const causes: string[] = [];
  const busy = looks.flatMap((look) => look.busy).sort((a, b) => b.share - a.share);
  if (busy.length > 0) {
    const named = [...new Map(busy.map((one) => [one.command, one])).values()].slice(0, 3);
    causes.push(
      `Other programs compute: ${named.map(({ command, share }) => `${printable(command)} (${formatShare(share)} of a CPU)`).join(', ')}. End them, or measure later.`,
    );
  }
  const load = Math.max(...looks.map((look) => look.load ?? 0));
  if (load > first.cpus) causes.push(`The load is ${load.toFixed(1)} on ${plural(first.cpus, 'CPU')}: processes wait for each other. End what runs beside.`);
  if (last.governor !== undefined && last.governor !== 'performance')
    causes.push(`The CPU's frequency governor is ${printable(last.governor)}: "cpupower frequency-set -g performance" keeps the frequency.`);
  if (last.turbo === true) causes.push('Turbo is on: the clock depends on heat and on how many cores work. Switch it off while you measure.');
  if (looks.some(({ isOnBattery }) => isOnBattery === true))
    causes.push('The machine runs on its battery, which saves power at the cost of speed. Plug it in.');
  if (first.steal && last.steal && last.steal.all > first.steal.all) {
    const share = (last.steal.stolen - first.steal.stolen) / (last.steal.all - first.steal.all);
    if (share >= STOLEN) causes.push(`Other virtual machines took ${formatShare(share)} of the CPU time. Measure on a machine of your own.`);
  }
  const throttled = (last.throttled ?? 0) - (first.throttled ?? 0);
  if (throttled > 0) causes.push(`The CPU was slowed down for its heat ${formatCount(throttled)} times. Let it cool, or measure shorter runs.`);
  const limited = (last.limited ?? 0) - (first.limited ?? 0);
  if (limited > 0) causes.push(`The container's share of the CPU was used up ${formatCount(limited)} times. Give it more, or measure outside.`);
  const { free, all } = last.memory;
  if (free < all * FREE || (last.memoryPressure ?? 0) >= PRESSURE)
    causes.push(`Memory is short: ${formatBytes(free)} of ${formatBytes(all)} are free. Close what needs much.`);
  return causes;
}
