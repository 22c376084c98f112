// The builders of the unit tests remove their folders after all tests: here, when the process ends.
Object.assign(globalThis, { afterAll: (clean: () => void) => process.once('exit', clean) });
