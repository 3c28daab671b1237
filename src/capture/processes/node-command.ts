/** Whether the command line's program is node: `/usr/bin/node app.js`, `"C:\…\node.exe" app.js`. */
export function isNodeCommand(command: string): boolean {
  return /^(?:"[^"]*[\\/])?(?:[^"\s]*[\\/])?node(?:\.exe)?(?:"|\s|$)/i.test(command) || /^"?[A-Za-z]:\\(?:[^"]*\\)?node\.exe/i.test(command);
}
