import { z } from 'zod';
import { championPrefix, NO_RELEASE } from '../names';
import type { S3Api } from './aws/api';
import { unlessMissing } from './aws/service-errors';
import { type CopyApi, copyArtefact } from './copy-artefact';
import type { ReleasePorts } from './ports';

/** The calls that keeping a champion takes besides. */
export type ChampionApi = S3Api & CopyApi;

/** Of which release the folder is. The folder is never empty: a job whose input has no object fails. */
const Note = z.looseObject({ modelPackage: z.string() });

/**
 * Keeps a copy of the verified release's artefact where pipelines look for it. A pipeline has a fixed address only, and
 * the release parameter is nothing that a definition could refer to.
 * @param release ARN, or `none`
 * @param until when a copy that has not come to its end is given up. @default - never
 * @returns whether there was something to do
 */
export async function keepChampion(
  release: string,
  { model, packages, now }: ReleasePorts,
  s3: ChampionApi,
  bucket: string,
  until?: Date,
): Promise<boolean> {
  const folder = championPrefix(model);
  const note = { Bucket: bucket, Key: `${folder}/release.json` };
  const object = await unlessMissing(s3.getObject(note));
  const kept = object && Note.parse(JSON.parse((await object.Body?.transformToString()) ?? '{}')).modelPackage;
  // A release that was taken away leaves its model as what is to be beaten.
  if (kept === release || (kept !== undefined && release === NO_RELEASE)) return false;
  const artefact = release === NO_RELEASE ? null : (await packages.describe(release))?.artefact;
  if (artefact === undefined) return false;
  // First the model: whoever is cut off in between does it again.
  if (artefact !== null) {
    const to = { Bucket: bucket, Key: `${folder}/model.tar.gz` };
    await copyArtefact(s3, { from: artefact, to, now, ...(until && { until }) });
  }
  const Body = JSON.stringify({ modelPackage: release, artefact }, null, 1);
  await s3.putObject({ ...note, Body, ContentType: 'application/json' });
  return true;
}
