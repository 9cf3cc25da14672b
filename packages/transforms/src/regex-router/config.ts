import { type ConfigKey, type ConfigOf, regex, string } from '@millrace/api';
import { compileJavaRegex, type JavaRegex } from '@millrace/java';

export const regexRouterConfig: {
  readonly regex: ConfigKey<JavaRegex>;
  readonly replacement: ConfigKey<string>;
} = {
  regex: regex('regex', {
    doc: 'Regular expression to use for matching. It must match the whole topic.',
    compile: compileJavaRegex,
    importance: 'high',
  }),
  replacement: string('replacement', {
    doc: 'Replacement string. `$1` and `${name}` stand for what the groups of the expression matched.',
    importance: 'high',
  }),
};

export type RegexRouterConfig = ConfigOf<typeof regexRouterConfig>;
