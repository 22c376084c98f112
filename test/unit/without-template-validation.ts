/**
 * The CDK's validation of templates takes five seconds to load, in every file of tests again. The tiers `policy` and
 * `local` synthesise all stacks with it.
 */
process.env['CDK_VALIDATION'] = 'false';
