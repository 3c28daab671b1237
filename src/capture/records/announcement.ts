import type { InferOutput } from 'valibot';
import type { announcementSchema, skippedSchema, threadAnnouncementSchema } from './session-schemas';

/** What a process of a recording writes into the session's folder when it starts: `KEY.process.json`. */
export type Announcement = InferOutput<typeof announcementSchema>;
/** What a thread writes when its profile is whole: `KEY.THREAD.thread.json`. */
export type ThreadAnnouncement = InferOutput<typeof threadAnnouncementSchema>;
/** A process that runs without being recorded, and why: `NAME.skipped.json`. */
export type SkippedProcess = InferOutput<typeof skippedSchema>;
