/**
 * Prints docs/guide/kubernetes-engines.md, which is made from what refuses an engine that can't do what is asked.
 *
 *   npm run docs:engines
 */
import { enginesPage } from '../config/kubernetes/engines-page';

process.stdout.write(enginesPage());
