import { soak } from '../soak/soak';
import { endServers } from '../unit/server/server-process';

afterAll(endServers);

test('the model server answers right for 30 s of full load, bad requests and broken connections, and its memory stays', async () => {
  const { answers, wrong, exitCode, growth: grown } = await soak({ seconds: 30 });
  expect({ wrong, exitCode }).toEqual({ wrong: {}, exitCode: 0 });
  expect(answers).toBeGreaterThan(500);
  // Looser than `npm run test:soak`: some of it is still the warm-up.
  expect(grown).toBeLessThan(0.3);
}, 300_000);
