import { InvalidInputError } from '../../core/invalid-input-error';
import { loadOnnxModel } from '../model/onnx-model';
import { answerShard } from './answer-shard';
import { parseBatchSettings } from './batch-settings';

/** A Job doesn't try again what the input makes impossible: its failure policy knows the code. */
const WRONG_INPUT = 2;

/**
 * Answers one shard of a batch, without a server: what a pod of an indexed Job runs.
 * @returns the exit code: 0 done, 2 if settings or input are wrong, 1 for whatever another try may mend
 */
export async function runBatch(environment: Readonly<Record<string, string | undefined>>): Promise<number> {
  try {
    const settings = parseBatchSettings(environment);
    const model = await loadOnnxModel(settings.modelDirectory, settings.modelSha256);
    const count = await answerShard(model, settings);
    console.log(`shard ${settings.index} of ${settings.shards}: ${count} files answered by ${model.sha256}`);
    return 0;
  } catch (error) {
    if (error instanceof InvalidInputError) {
      console.error(error.message);
      return WRONG_INPUT;
    }
    console.error(error);
    return 1;
  }
}
