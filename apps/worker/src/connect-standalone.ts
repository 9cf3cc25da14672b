#!/usr/bin/env node
import module from 'node:module';

module.enableCompileCache();

const { run } = await import('./run.ts');
process.exitCode = await run(['standalone', ...process.argv.slice(2)]);
