import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Channel } from '@aws-sdk/client-sagemaker';
import type { Context } from '../context';
import { JobError } from './job-error';
import type { Wire } from './wire';

/**
 * Copies each input channel into a folder of its name.
 * @throws JobError if there is nothing under a channel's prefix
 */
export async function downloadChannels(
  { storage }: Pick<Context, 'storage'>,
  { InputDataConfig = [] }: { readonly InputDataConfig?: readonly Wire<Channel>[] },
  directory: string,
): Promise<void> {
  await Promise.all(
    InputDataConfig.map(async ({ ChannelName = '', DataSource }) => {
      const uri = DataSource?.S3DataSource?.S3Uri ?? '';
      const folder = join(directory, ChannelName);
      mkdirSync(folder, { recursive: true });
      if ((await storage.download(uri, folder)) === 0)
        throw new JobError('ClientError', `channel ${ChannelName}: nothing is stored under ${uri}`);
    }),
  );
}
