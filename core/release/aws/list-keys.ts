import type { S3ListApi } from './api';

/** Keys of all objects below a prefix, however many pages they take. */
export async function listKeys({ s3 }: { readonly s3: S3ListApi }, bucket: string, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  let page: string | undefined;
  do {
    const answer = await s3.listObjects({ Bucket: bucket, Prefix: prefix, ContinuationToken: page });
    keys.push(...(answer.Contents ?? []).flatMap(({ Key }) => Key ?? []));
    page = answer.NextContinuationToken;
  } while (page !== undefined);
  return keys;
}
