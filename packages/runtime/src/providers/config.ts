import { type ConfigKey, list, regex } from '@millrace/api';
import { compileJavaRegex, type JavaRegex } from '@millrace/java';

export type AllowedPathsKeys = { readonly allowedPaths: ConfigKey<readonly string[]> };
export type EnvVarKeys = { readonly allowlistPattern: ConfigKey<JavaRegex> };

/** On Unix and on Windows; `node:path` would be loaded with every manifest. */
const absolute = /^(?:\/|[A-Za-z]:[\\/])/;

export const allowedPathsKeys: AllowedPathsKeys = {
  allowedPaths: list('allowed.paths', {
    doc: 'Directories and files that may be read, with all that is in them; absolute, separated by commas. Left out: everything.',
    default: [],
    validate: (paths) => {
      const relative = paths.find((path) => !absolute.test(path));
      return relative === undefined ? undefined : `Path ${relative} is not absolute`;
    },
  }),
};

export const envVarKeys: EnvVarKeys = {
  allowlistPattern: regex('allowlist.pattern', {
    doc: 'Which variables of the environment may be read: a regular expression that has to match the whole name.',
    default: '.*',
    compile: compileJavaRegex,
  }),
};
