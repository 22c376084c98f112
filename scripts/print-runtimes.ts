/**
 * Prints docs/guide/kubernetes-runtimes.md, which is made from the servers that the charts know.
 *
 *   npm run docs:runtimes
 */
import { runtimesPage } from '../charts/server/runtimes-page';

process.stdout.write(runtimesPage());
