const { TestEnvironment } = require('jest-environment-node');

/**
 * Jest gives each test file a realm of its own, and onnxruntime's native part makes arrays of the host's: they fail the
 * runtime's own instanceof. Here both have the host's.
 */
module.exports = class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    for (const array of [Float64Array, Float32Array, BigInt64Array, Int32Array, Uint8Array]) {
      this.global[array.name] = array;
    }
  }
};
