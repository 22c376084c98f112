import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Cdk } from '../../../../local/deploy/cdk';
import { prepareAccount } from '../../../../local/deploy/prepare-account';

/** An emulator whose account is bootstrapped. `listed` answers ListEndpoints, given the token of a page. */
async function emulator(listed: (token: string | undefined) => object) {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => void (body += part.toString()));
    request.on('end', () => {
      if (request.url === '/_mlops/health') response.end(JSON.stringify({ busyStacks: [] }));
      else if (request.headers['x-amz-target'] === 'SageMaker.ListEndpoints')
        response.end(JSON.stringify(listed((JSON.parse(body) as { NextToken?: string }).NextToken)));
      else
        response.end(
          '<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>CDKToolkit</StackName><StackStatus>CREATE_COMPLETE</StackStatus></member></Stacks></DescribeStacksResult></DescribeStacksResponse>',
        );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

test('an endpoint that changes is waited for, on whatever page of the list it stands', async () => {
  let looks = 0;
  const { server, endpoint } = await emulator((token) => {
    if (token === undefined)
      return { Endpoints: [{ EndpointName: 'calm', EndpointStatus: 'InService' }], NextToken: '1' };
    looks += 1;
    return { Endpoints: [{ EndpointName: 'late', EndpointStatus: looks === 1 ? 'Updating' : 'InService' }] };
  });
  try {
    const said: string[] = [];
    const cdk = { run: () => Promise.reject(new Error('not expected')) } as unknown as Cdk;
    const place = { account: '000000000000', region: 'eu-west-1' };
    await prepareAccount({ cdk, endpoint, ...place, onProgress: (message) => void said.push(message) });
    expect(said).toEqual(['waiting for late, which an earlier run left']);
    expect(looks).toBe(2);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});
