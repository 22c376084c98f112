import * as fc from 'fast-check';
import { type CopyApi, copyArtefact } from '../../../../core/release/copy-artefact';
import { ServiceException } from './fake-aws';

const GB = 1024 ** 3;
const FROM = 's3://models/churn/1/a model.tar.gz';
const TO = { Bucket: 'models', Key: 'churn/champion/model.tar.gz' };
const START = Date.parse('2026-03-01T12:00:00Z');

type Call = [name: string, input: Record<string, unknown>];

/** An S3 with one object, of so many bytes, that writes down what it is asked. */
function fakeS3(bytes: number) {
  const calls: Call[] = [];
  const faults: Record<string, Error> = {};
  const state = { most: 0, running: 0 };
  const answer =
    <T>(name: string, found: (input: never) => T) =>
    async (input: object): Promise<T> => {
      calls.push([name, input as Record<string, unknown>]);
      state.most = Math.max(state.most, ++state.running);
      await Promise.resolve();
      state.running--;
      if (faults[name]) throw faults[name];
      return found(input as never);
    };
  const api: CopyApi = {
    headObject: answer('head', () => ({ ContentLength: bytes, ETag: '"object"' })),
    copyObject: answer('copy', () => undefined),
    createMultipartUpload: answer('create', () => ({ UploadId: 'upload' })),
    uploadPartCopy: answer('part', ({ PartNumber }: { PartNumber: number }) => ({
      CopyPartResult: { ETag: `"${PartNumber}"` },
    })),
    completeMultipartUpload: answer('complete', () => undefined),
    abortMultipartUpload: answer('abort', () => undefined),
  };
  const of = (name: string) => calls.filter(([each]) => each === name).map(([, input]) => input);
  return { api, calls, faults, of, state };
}

const now = () => new Date(START);
const ranges = (inputs: readonly Record<string, unknown>[]) =>
  inputs.map(({ CopySourceRange }) => String(CopySourceRange).replace('bytes=', '').split('-').map(Number)) as [
    number,
    number,
  ][];

describe('a copy of an artefact', () => {
  test.each([0, 1, 5 * GB])('of %d bytes is one call', async (bytes) => {
    const { api, calls } = fakeS3(bytes);
    await copyArtefact(api, { from: FROM, to: TO, now });
    expect(calls).toEqual([
      ['head', { Bucket: 'models', Key: 'churn/1/a model.tar.gz' }],
      ['copy', { ...TO, CopySource: 'models/churn/1/a%20model.tar.gz' }],
    ]);
  });

  test('of a byte more is of parts of the same object, put together in their order', async () => {
    const { api, of } = fakeS3(5 * GB + 1);
    await copyArtefact(api, { from: FROM, to: TO, now });
    expect(of('copy')).toEqual([]);
    const parts = of('part');
    expect(parts).toHaveLength(11);
    expect(parts[10]).toEqual({
      ...TO,
      UploadId: 'upload',
      PartNumber: 11,
      CopySource: 'models/churn/1/a%20model.tar.gz',
      CopySourceIfMatch: '"object"',
      CopySourceRange: `bytes=${5 * GB}-${5 * GB}`,
    });
    const Parts = parts.map((_, index) => ({ PartNumber: index + 1, ETag: `"${index + 1}"` }));
    expect(of('complete')).toEqual([{ ...TO, UploadId: 'upload', MultipartUpload: { Parts } }]);
    expect(of('abort')).toEqual([]);
  });

  test('has every byte once, whatever its size, and eight parts under way at the most', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 11, max: 5_000 }),
        fc.integer({ min: 1, max: 700 }),
        async (bytes, partBytes) => {
          const { api, of, state } = fakeS3(bytes);
          await copyArtefact(api, { from: FROM, to: TO, now, largestCopyBytes: 10, partBytes });
          let next = 0;
          for (const [first, last] of ranges(of('part'))) {
            expect(first).toBe(next);
            expect(last - first).toBeLessThan(partBytes);
            next = last + 1;
          }
          expect(next).toBe(bytes);
          expect(state.most).toBeLessThanOrEqual(8);
        },
      ),
    );
  });

  test('that fails leaves no upload behind, and begins no part any more', async () => {
    const { api, faults, of } = fakeS3(100);
    faults['part'] = new Error('SlowDown');
    const copy = copyArtefact(api, { from: FROM, to: TO, now, largestCopyBytes: 10, partBytes: 1 });
    await expect(copy).rejects.toThrow('SlowDown');
    expect(of('part').length).toBeLessThanOrEqual(8);
    expect(of('abort')).toEqual([{ ...TO, UploadId: 'upload' }]);
    expect(of('complete')).toEqual([]);
  });

  test('tells why it failed, and not that the upload could not be taken back', async () => {
    const { api, faults } = fakeS3(100);
    faults['complete'] = new Error('InternalError');
    faults['abort'] = new Error('NoSuchUpload');
    await expect(copyArtefact(api, { from: FROM, to: TO, now, largestCopyBytes: 10 })).rejects.toThrow('InternalError');
  });

  test('is given up when the time is over, before anything has changed', async () => {
    const { api, of } = fakeS3(100);
    let time = START;
    const copy = copyArtefact(api, {
      from: FROM,
      to: TO,
      now: () => new Date((time += 1000)),
      until: new Date(START + 21_000),
      largestCopyBytes: 10,
      partBytes: 1,
    });
    await expect(copy).rejects.toThrow(
      /^s3:\/\/models\/churn\/1\/a model\.tar\.gz: must be copied in the time of the function, got 20 of 100 parts; use no beatsChampion for artefacts of 100 bytes$/,
    );
    expect(of('part')).toHaveLength(20);
    expect(of('abort')).toHaveLength(1);
    expect(of('complete')).toEqual([]);
  });

  test('says which artefact is gone', async () => {
    const { api, faults } = fakeS3(1);
    faults['head'] = new ServiceException('NotFound', 'UnknownError');
    await expect(copyArtefact(api, { from: FROM, to: TO, now })).rejects.toThrow(
      `${FROM}: the artefact of a release must be there, got none; restore it`,
    );
  });
});
