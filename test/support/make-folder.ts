/** Makes a private folder, says where, and stays: `TMPDIR=… node make-folder.cjs`. */
import { privateFolder } from '../../src/capture/private-folder';

console.log(JSON.stringify(privateFolder('plateau-')));
setInterval(() => {}, 1000);
