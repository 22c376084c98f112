#!/usr/bin/env node
// The `mlops` command: TypeScript is loaded as it stands, there is no build step. This file is an ECMAScript module,
// since `require('tsx/cjs')` would leave the imports that commands make when they run to Node itself.
import 'tsx';

await import('./cli.ts');
