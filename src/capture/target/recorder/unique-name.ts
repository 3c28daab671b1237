const clock = process.hrtime.bigint.bind(process.hrtime);

/** A name that no other process of the recording gives: not even one with the same number, in a namespace of its own or later. */
export const uniqueName = (): string => `${process.pid}-${clock().toString(36)}`;
