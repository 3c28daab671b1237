/** npm, yarn and their like only start the process that matters. */
export function isPackageManager(script: string | undefined): boolean {
  return script !== undefined && /[\\/](npm|npm-cli|npm-prefix|npx|npx-cli|yarn|yarnpkg|yarn-[\d.]+|pnpm|pnpx|corepack)(\.[cm]?js)?$/.test(script);
}
