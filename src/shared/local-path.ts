/** Whether a path is absolute and on this machine: no share of another one, no device of Windows. */
export const isLocalPath = (file: string): boolean => /^(?:\/(?![\\/])|[A-Za-z]:[\\/])/.test(file) && !file.includes('\0');
