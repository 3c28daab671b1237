/** Put in by the build from package.json. */
declare const PLATEAU_VERSION: string;
export const version: string = typeof PLATEAU_VERSION === 'string' ? PLATEAU_VERSION : '0.0.0-dev';
