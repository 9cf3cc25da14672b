/** What matches between characters, as JavaScript for a RegExp with the flag `v` and without `m`. */

/** `\b` of Java 17 goes by Unicode letters and digits, and marks that follow them, although `\w` is ASCII. */
const wordBefore = '(?<=[\\p{L}\\p{Nd}_]|[\\p{L}\\p{Nd}]\\p{Mn}+)';
const wordAfter = '(?:(?=[\\p{L}\\p{Nd}_])|(?<=[\\p{L}\\p{Nd}]\\p{Mn}*)(?=\\p{Mn}))';
const noWordBefore = `(?!${wordBefore})`;
const noWordAfter = `(?!${wordAfter})`;
export const wordBoundary: string = `(?:${wordBefore}${noWordAfter}|${noWordBefore}${wordAfter})`;

export const textStart: string = '^';
export const textEnd: string = '$';
export const beforeLastLineEnd: string = `(?:${textEnd}|(?=\\r\\n${textEnd})|(?=[\\r\\u0085\\u2028\\u2029]${textEnd})|(?<!\\r)(?=\\n${textEnd}))`;
export const beforeLastNewline: string = `(?=\\n?${textEnd})`;
