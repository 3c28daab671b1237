// Works out the effective settings of every device from its own, its site's and the company's.
import { defaults, devices, type Device } from './fleet';
import { SettingsStore } from './store';

const KEYS = ['brightness', 'volume', 'language', 'timezone', 'reboot', 'ntp', 'proxy', 'logLevel', 'theme', 'sleep'];

function effective(stores: SettingsStore[], key: string): string {
  for (const store of stores) {
    try {
      return store.get(key);
    } catch {
      // The next one is more general.
    }
  }
  return defaults[key];
}

function report(device: Device, company: SettingsStore, sites: Map<string, SettingsStore>): string {
  const own = new SettingsStore(`device ${device.id}`, device.settings);
  const site = sites.get(device.site) ?? company;
  return KEYS.map((key) => `${key}=${effective([own, site, company], key)}`).join('&');
}

const company = new SettingsStore('company', { language: 'de', theme: 'dark' });
const sites = new Map<string, SettingsStore>();
for (let i = 0; i < 40; i++) sites.set(`site-${i}`, new SettingsStore(`site-${i}`, { timezone: `UTC+${i % 12}`, ntp: `ntp${i}.example` }));

const seen = new Map<string, number>();
for (const device of devices(14000)) {
  const text = report(device, company, sites);
  seen.set(text, (seen.get(text) ?? 0) + 1);
}
console.log(`${seen.size} different configurations`);
