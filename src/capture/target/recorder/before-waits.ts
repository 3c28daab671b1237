import type { ThreadRecorder } from './thread-recorder';

/** What the thread did since its last part is worth another one, in milliseconds. */
const WORTH_MS = 200;
/** The same with the time for which it was blocked, so that a thread which is killed has waited in its profile, too. */
const LONG_MS = 3000;

/** The waits of a thread for other programs. */
export interface Waits {
  begin(): void;
  end(): void;
}

/**
 * A thread that blocks until a child process ends may be ended meanwhile, and nobody could ask for its
 * profile: what it did before is written first. To write a part takes 5 ms, which is most of what a launcher of
 * short children would do, so waiting itself is not worth one.
 */
export function writtenBeforeWaits(recorder: ThreadRecorder): Waits {
  let part = recorder.lastPart();
  let waited = 0;
  let from = 0;
  const reset = (): void => {
    if (recorder.lastPart() === part) return;
    part = recorder.lastPart();
    waited = 0;
  };
  return {
    begin() {
      reset();
      const elapsed = recorder.elapsed();
      if (part.bytes === 0 || elapsed - waited >= WORTH_MS || elapsed >= LONG_MS) {
        try {
          recorder.checkpoint();
        } catch {
          // The disk is full, or the recording over.
        }
        reset();
      }
      from = performance.now();
    },
    end() {
      waited += performance.now() - from;
    },
  };
}
