import { Faults } from '../core/faults';

/** What the images that `cdk deploy` builds begin with, by language. */
export interface BaseImages {
  readonly python: string;
  readonly node: string;
}

/** The lock files are for these versions. */
const TAGS: BaseImages = { python: 'python:3.11', node: 'node:24' };
const DIGEST = '(@sha256:[0-9a-f]{64})?';

/** @throws InvalidInputError for a base of another version, or with a digest that is none */
export function defineBaseImages(images: BaseImages): BaseImages {
  const faults = new Faults();
  for (const language of ['python', 'node'] as const) {
    const tag = TAGS[language];
    const pattern = new RegExp(`^([\\w.:-]+/)*${tag.replaceAll('.', '\\.')}([.-][\\w.-]+)?${DIGEST}$`);
    if (pattern.test(images[language])) continue;
    faults.add(
      `config/base-images.ts: ${language}`,
      `must be ${tag} of any registry, with or without a digest, got ${images[language]}`,
      `write it as ${tag}-slim@sha256:…`,
    );
  }
  faults.throwIfAny('config/base-images.ts');
  return images;
}

/**
 * Put the digests behind these, `python:3.11-slim@sha256:…`, or your own registry before them: a tag moves, and then a
 * build of the same commit holds other system packages. docs/guide/images.md says how to ask for a digest.
 */
export const baseImages = defineBaseImages({ python: 'python:3.11-slim', node: 'node:24-slim' });
