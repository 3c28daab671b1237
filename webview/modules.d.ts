declare module '*.css';
/** A worker's bundle as text: the page is one file, so it starts its workers from memory. */
declare module '*-worker?text' {
  export const text: string;
}
