#!/usr/bin/env node
// Stands for `docker` where the CDK deploys to the AWS of this machine: `mlops local` sets CDK_DOCKER to it.
require('tsx/cjs');
const { localDocker } = require('../local/image/local-docker.ts');
const { LocalImages } = require('../local/image/local-images.ts');
const { StateDirectory } = require('../local/state-directory.ts');

const { MLOPS_STATE_DIR, MLOPS_PYTHON_DIR, AWS_ENDPOINT_URL } = process.env;
if (!MLOPS_STATE_DIR || !AWS_ENDPOINT_URL) {
  console.error('local docker: is started by mlops local only, got no MLOPS_STATE_DIR; run npx mlops local up');
  process.exit(2);
}
localDocker({
  words: process.argv.slice(2),
  images: new LocalImages(new StateDirectory(MLOPS_STATE_DIR, MLOPS_PYTHON_DIR)),
  cwd: process.cwd(),
  environment: process.env,
  endpoint: AWS_ENDPOINT_URL,
  onProgress: (message) => console.error(message),
}).then(
  (code) => process.exit(code),
  (error) => {
    console.error(error.message);
    process.exit(error.name === 'InvalidInputError' ? 2 : 3);
  },
);
