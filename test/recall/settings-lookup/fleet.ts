export interface Device {
  id: number;
  site: string;
  settings: Record<string, string>;
}

export const defaults: Record<string, string> = {
  brightness: '80',
  volume: '20',
  language: 'en',
  timezone: 'UTC',
  reboot: '03:00',
  ntp: 'pool.example',
  proxy: '',
  logLevel: 'warn',
  theme: 'light',
  sleep: '300',
};

export function* devices(count: number): Generator<Device> {
  for (let id = 0; id < count; id++) {
    const settings: Record<string, string> = {};
    if (id % 3 === 0) settings.brightness = String(50 + (id % 5) * 10);
    if (id % 11 === 0) settings.volume = '0';
    yield { id, site: `site-${id % 40}`, settings };
  }
}
