export { type Guarantee, type KillSoakOptions, type KillSoakResult, killSoak } from './kill-soak.ts';
export { type MemorySoakOptions, type MemorySoakResult, memorySoak } from './memory-soak.ts';
