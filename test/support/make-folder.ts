/** Makes a private folder, says where, and stays: `TMPDIR=… node make-folder.cjs`. */
import { privateFolder } from '../../src/capture/session/private-folder';

console.log(JSON.stringify(privateFolder('plateau-')));
setInterval(() => {}, 1000);
