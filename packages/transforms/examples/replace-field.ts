import type { TransformExample } from './example.ts';

export const examples: readonly TransformExample[] = [
  {
    title: 'one field taken out, one renamed, both nested',
    config: { exclude: 'user.password', renames: 'user.name:login', 'field.syntax.version': 'V2' },
    before: { value: { id: 1, user: { name: 'ann', password: 'secret' } } },
    after: { value: { id: 1, user: { login: 'ann' } } },
  },
];
