import { type ConfigKey, type ConfigOf, regex } from '@millrace/api';
import { compileJavaRegex, type JavaRegex } from '@millrace/java';

export const topicNameMatchesConfig: { readonly pattern: ConfigKey<JavaRegex> } = {
  pattern: regex('pattern', {
    doc: "A Java regular expression for matching against the name of a record's topic. It must match the whole name.",
    compile: compileJavaRegex,
    validate: ({ pattern }) => (pattern === '' ? 'String must be non-empty' : undefined),
    importance: 'medium',
  }),
};

export type TopicNameMatchesConfig = ConfigOf<typeof topicNameMatchesConfig>;
