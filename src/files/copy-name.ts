/** Devices of Windows, whatever their extension. */
const DEVICES = /^(?:con|prn|aux|nul|clock\$|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])\s*(?:\.|$)/i;
/** What some system has in no name, or takes for the end of a folder, a drive or a stream. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
const NOT_IN_NAMES = /[<>:"/\\|?*\u0000-\u001f\u007f]/g;
/** File systems keep 255 bytes, and a character of UTF-16 has three at most. */
const MOST = 80;

/**
 * A name for the copy of a file that is elsewhere: the end of its own, which has the extension, with
 * nothing in it that leads out of the folder on any system.
 */
export function copyName(name: string): string {
  const plain = wellFormed(name.replace(NOT_IN_NAMES, '_').slice(-MOST)).replace(/[. ]+$/, '_');
  return plain === '' || DEVICES.test(plain) ? `_${plain}` : plain;
}

/** Without halves of characters, which no file system keeps. */
const wellFormed = (text: string): string => Buffer.from(text).toString();
