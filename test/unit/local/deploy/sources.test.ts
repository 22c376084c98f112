import { SAGEMAKER_SOURCES } from '../../../../local/aws/local-aws';
import { SYNTHESIS_SOURCES } from '../../../../local/deploy/synthesise';
import { metafileOf } from '../../metafile';

/** Files of ours that a program is made of. */
const filesOf = (entry: string) => Object.keys(metafileOf(entry).inputs);

const missing = (files: readonly string[], sources: readonly string[]) =>
  files.filter((file) => !sources.some((source) => file === source || file.startsWith(`${source}/`)));

describe('what is looked at for changes', () => {
  test.each(['bin/mlops.ts', 'server/main.ts', 'handlers/model-package-state-change/handler.ts'])(
    'before stacks are synthesised anew is all that %s is made of',
    (entry) => {
      const files = filesOf(entry);
      expect(files.length).toBeGreaterThan(3);
      expect(missing(files, SYNTHESIS_SOURCES)).toEqual([]);
    },
  );

  test('before the local SageMaker is started anew is all that it is made of, but what a user configures', () => {
    const files = filesOf('cli/serve-sagemaker.ts').filter((file) => !file.startsWith('config/'));
    expect(files.length).toBeGreaterThan(100);
    expect(missing(files, SAGEMAKER_SOURCES)).toEqual([]);
  });
});
