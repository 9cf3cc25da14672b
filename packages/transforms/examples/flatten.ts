import type { TransformExample } from './example.ts';

export const examples: readonly TransformExample[] = [
  {
    title: 'names joined with an underscore',
    config: { delimiter: '_' },
    before: { value: { id: 1, address: { city: 'Paris', geo: { lat: 48.9 } } } },
    after: { value: { id: 1, address_city: 'Paris', address_geo_lat: 48.9 } },
  },
];
