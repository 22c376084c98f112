/**
 * Prints docs/guide/serving-rules.md, which is made from the rules that refuse what SageMaker would refuse.
 *
 *   npm run docs:rules
 */
import { rulesPage } from '../constructs/serving/rules/rules-page';

process.stdout.write(rulesPage());
