/** `sha256:…` of an image that is named by its digest, `repository@sha256:…`. */
export function digestOf(image: string | undefined): string | undefined {
  return /@(sha256:[0-9a-f]{64})$/.exec(image ?? '')?.[1];
}
