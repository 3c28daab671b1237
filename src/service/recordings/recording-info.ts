import type { InferOutput } from 'valibot';
import type { heapRecordingSchema, recordingSchema, threadSchema } from './recording-schema';

/**
 * What stands beside a recorded `.cpuprofile`, as `<name>.plateau.json`. The
 * profile can be read without it.
 */
export type RecordingInfo = InferOutput<typeof recordingSchema>;

/**
 * One thread of a recording. Its profile is a standard `.cpuprofile` in the folder of the
 * recording: `NAME.cpuprofile` for the first, `NAME.t2.cpuprofile` and so on for the others.
 * All of them have one clock (CLOCK_MONOTONIC, microseconds).
 */
export type RecordedThread = InferOutput<typeof threadSchema>;

/** What a list of recordings shows. Times in microseconds, shares of active time. */
export type Headline = RecordingInfo['headline'];

/** What stands beside a heap recording, as `<name>.plateau.json`. */
export type HeapRecordingInfo = InferOutput<typeof heapRecordingSchema>;
