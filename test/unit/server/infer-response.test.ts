import { writeInferResponse } from '../../../server/inference-protocol/infer-response';
import type { Output } from '../../../server/model/prediction';
import { startApp } from './start-server';

function written(...outputs: readonly Output[]): unknown {
  return writeInferResponse({ modelName: 'm', version: '1', id: 'a"b', prediction: { rows: 2, outputs } });
}

describe('an answer of the Open Inference Protocol', () => {
  test('has every cell as JSON, whole numbers of 64 bits to the last digit', () => {
    const head = '{"model_name":"m","model_version":"1","id":"a\\"b","outputs":[';
    expect(written({ name: 'y', type: 'int64', width: 1, cells: BigInt64Array.of(2n ** 62n + 1n, -1n) })).toBe(
      `${head}{"name":"y","datatype":"INT64","shape":[2,1],"data":[4611686018427387905,-1]}]}`,
    );
    expect(written({ name: 'b', type: 'bool', width: 1, cells: Uint8Array.of(0, 1) })).toContain('[false,true]');
    expect(written({ name: 'f', type: 'float64', width: 2, cells: Float64Array.of(1, Number.NaN, 0.5, -0) })).toContain(
      '"shape":[2,2],"data":[1,null,0.5,0]',
    );
    expect(written({ name: 's', type: 'string', width: 1, cells: ['"', 'é'] })).toContain('["\\"","é"]');
  });

  test('counts as a prediction of its model, by whichever path, and of no other', async () => {
    const { app } = startApp({ settings: { modelName: 'delay' } });
    const inputs = [
      { name: 'carrier', datatype: 'BYTES', shape: [1], data: ['AA'] },
      { name: 'hour', datatype: 'FP64', shape: [1], data: [1] },
    ];
    for (const path of ['delay', `delay/versions/${'ab'.repeat(6)}`, 'other']) {
      await app.inject({ method: 'POST', url: `/v2/models/${path}/infer`, payload: { inputs } });
    }
    const { body } = await app.inject('/metrics');
    expect(body).toContain('http_requests_total{handler="/v2/models/delay/infer",method="POST",status="200"} 2');
    expect(body).toContain('http_requests_total{handler="other",method="POST",status="404"} 1');
    await app.close();
  });
});
