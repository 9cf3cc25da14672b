import type { TransformExample } from './example.ts';

export const examples: readonly TransformExample[] = [
  {
    title: 'the prefix that a source puts before its tables',
    config: { regex: 'inventory\\.public\\.(.*)', replacement: 'shop-$1' },
    before: { topic: 'inventory.public.orders' },
    after: { topic: 'shop-orders' },
  },
];
