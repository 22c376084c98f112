/** A project a tier. */
// Output is coloured where CI is set; what tests compare is plain.
process.env.NO_COLOR = '1';
const shared = {
  transform: {
    '^.+\\.(t|j|mj)sx?$': [
      '@swc/jest',
      { jsc: { transform: { react: { runtime: 'automatic', importSource: 'preact' } } } },
    ],
  },
  // hyparquet, and listr2 and its dependencies, ship ES modules only.
  transformIgnorePatterns: [
    '/node_modules/(?!(hyparquet|listr2|cli-truncate|colorette|eventemitter3|log-update|rfdc|wrap-ansi|slice-ansi|string-width|strip-ansi|ansi-.*|is-fullwidth-code-point|get-east-asian-width|emoji-regex|cli-cursor|restore-cursor|onetime|mimic-function|environment)/)',
  ],
  testPathIgnorePatterns: ['/node_modules/', '/.mlops/'],
  modulePathIgnorePatterns: ['<rootDir>/.mlops/', '<rootDir>/cdk.out/'],
};
module.exports = {
  projects: [
    {
      ...shared,
      displayName: 'unit',
      setupFiles: ['<rootDir>/test/unit/without-template-validation.ts'],
      setupFilesAfterEnv: ['<rootDir>/test/unit/with-time-enough.ts'],
      testMatch: [
        '<rootDir>/test/unit/**/*.test.ts',
        '<rootDir>/test/unit/**/*.test.tsx',
        '<rootDir>/test/golden/**/*.test.ts',
      ],
    },
    { ...shared, displayName: 'policy', testMatch: ['<rootDir>/test/policy/**/*.test.ts'] },
    { ...shared, displayName: 'local', testMatch: ['<rootDir>/test/local/**/*.test.ts'] },
    { ...shared, displayName: 'rehearsal', testMatch: ['<rootDir>/test/rehearsal/**/*.test.ts'] },
    { ...shared, displayName: 'kubernetes', testMatch: ['<rootDir>/test/kubernetes/**/*.test.ts'] },
    { ...shared, displayName: 'browser', testMatch: ['<rootDir>/test/browser/**/*.test.ts'] },
  ],
};
