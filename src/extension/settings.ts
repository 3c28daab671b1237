import type { InferOutput } from 'valibot';
import * as vscode from 'vscode';
import { type SettingName, settingSchemas, thresholdSchemas } from '../protocol/setting-schemas';
import { checkValue } from '../shared/schemas/read-json';
import { showWarning } from './ui';

/** What has been told of a setting; it is told anew when it has another value that does not fit. */
const told = new Map<string, string>();

/** Says a thing about a setting once. */
export function tellSetting(name: string, about: unknown, sentence: string): void {
  const key = JSON.stringify(about) ?? '';
  if (told.get(name) === key) return;
  told.set(name, key);
  void showWarning(sentence, 'Open Settings').then((choice) => {
    if (choice) void vscode.commands.executeCommand('workbench.action.openSettings', `plateau.${name}`);
  });
}

/** A setting as it is; where what was set does not fit, its default, and that is told. */
export function readSetting<N extends SettingName>(name: N, scope?: vscode.ConfigurationScope): InferOutput<(typeof settingSchemas)[N]> {
  return fittingSetting(name, settingSchemas[name], scope) as InferOutput<(typeof settingSchemas)[N]>;
}

/** The same of a finding's threshold. */
export const readThreshold = (name: string): unknown => fittingSetting(`findings.${name}`, thresholdSchemas[`findings.${name}`]);

function fittingSetting(name: string, schema: Parameters<typeof checkValue>[1] | undefined, scope?: vscode.ConfigurationScope): unknown {
  const settings = vscode.workspace.getConfiguration('plateau', scope);
  const value = settings.get<unknown>(name);
  const usual = settings.inspect(name)?.defaultValue;
  if (!schema || value === undefined) return usual;
  const checked = checkValue(value, schema);
  if (checked.ok) return checked.value;
  const expected = checked.error.kind === 'unfit' ? checked.error.expected : '';
  tellSetting(name, value, `The setting plateau.${name} does not fit: ${expected} was expected. Its default counts.`);
  return usual;
}
