/**
 * Keeps the model server under full load, and fails if an answer is wrong or its memory grows.
 *
 *   npm run test:soak -- --minutes 10
 */
import { parseArgs } from 'node:util';
import { endServers } from '../unit/server/server-process';
import { soak } from './soak';

/** In less the server is still warming up, and its memory rises as it should. */
const LEAST_MINUTES = 1;
const MOST_MINUTES = 1440;
/** Of the memory after the warm-up, over the whole time. */
const MOST_GROWTH = 0.15;

async function main(): Promise<number> {
  const options = { minutes: { type: 'string', default: '10' }, help: { type: 'boolean', default: false } } as const;
  const { values } = parseArgs({ options });
  if (values.help) {
    console.log(`npm run test:soak [-- --minutes N]    from ${LEAST_MINUTES} to ${MOST_MINUTES} (10)`);
    return 0;
  }
  const minutes = Number(values.minutes);
  if (!(minutes >= LEAST_MINUTES && minutes <= MOST_MINUTES)) {
    console.error(`--minutes: must be from ${LEAST_MINUTES} to ${MOST_MINUTES}, got ${values.minutes}; correct it`);
    return 2;
  }
  const { answers, wrong, memoryMb, growth, exitCode } = await soak({ seconds: minutes * 60 });
  console.log(
    `${answers} right answers in ${minutes} minutes, at most ${memoryMb.toFixed(0)} MB, which grew by ${(growth * 100).toFixed(1)} %`,
  );
  for (const [fault, count] of Object.entries(wrong)) console.log(`${count} × ${fault}`);
  return Object.keys(wrong).length === 0 && growth <= MOST_GROWTH && exitCode === 0 ? 0 : 1;
}

process.on('exit', endServers);
main().then(
  (code) => process.exit(code),
  (error: NodeJS.ErrnoException) => {
    const isWord = error.code?.startsWith('ERR_PARSE_ARGS') ?? false;
    console.error(isWord ? error.message : error);
    process.exit(isWord ? 2 : 1);
  },
);
