import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { SealedRecord } from '../../core/release/evidence';
import { localClients } from '../../local/clients';

/** What a release's evidence promises, and what is really there: SHA-256 of graphs, in hex. */
export interface Graphs {
  readonly promised: string | undefined;
  readonly inArtefact: string;
  /** One a server that has ever started for the endpoint and is still in its fleet, by its own log. */
  readonly served: readonly string[];
}

/**
 * @param endpointUrl `http://localhost:PORT` of the emulator
 * @param state folder of the local environment
 * @param evidence `s3://` address of the release's sealed record
 */
export async function readGraphs(endpointUrl: string, state: string, evidence: string): Promise<Graphs> {
  const record = SealedRecord.parse(JSON.parse((await read(endpointUrl, evidence)).toString()));
  const archive = await read(endpointUrl, record.modelPackage?.artefact ?? '');
  const graph = execFileSync('tar', ['-xzOf', '-', 'model.onnx'], { input: archive, maxBuffer: 2 ** 28 });
  return {
    promised: record.modelPackage?.metadata.onnx_sha256,
    inArtefact: createHash('sha256').update(graph).digest('hex'),
    served: servedBy(join(state, 'sagemaker', 'endpoint-fleets', record.endpoint.name)),
  };
}

function servedBy(fleets: string): readonly string[] {
  const logs = readdirSync(fleets, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('output.log'));
  return logs.flatMap((log) =>
    readFileSync(join(fleets, log), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as { readonly msg?: string; readonly sha256?: string })
      .flatMap(({ msg, sha256 }) => (msg === 'serving' && sha256 !== undefined ? [sha256] : [])),
  );
}

async function read(endpointUrl: string, uri: string): Promise<Buffer> {
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
  const { Body } = await localClients(endpointUrl, 'us-east-1').s3.send(new GetObjectCommand({ Bucket, Key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}
