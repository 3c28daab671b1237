import webpack from 'webpack';

export function build(folder) {
  return new Promise((resolve, reject) => {
    webpack({ context: folder, mode: 'production', entry: './index.js' }, (error, stats) => (error ? reject(error) : resolve(stats.toString())));
  });
}
