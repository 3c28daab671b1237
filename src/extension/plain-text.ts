/**
 * Text with names from a profile for a notification, a quick pick or the status bar:
 * those make links of `[text](target)` and icons of `$(name)`, which no name may ask for.
 */
export const plainText = (text: string): string => text.replace(/\](?=\()|\$(?=\()/g, '$&\u200b');
