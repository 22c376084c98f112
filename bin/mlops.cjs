#!/usr/bin/env node
// The `mlops` command: TypeScript is loaded as it stands, there is no build step.
require('tsx/cjs');
require('./cli.ts');
