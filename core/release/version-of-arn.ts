/** The version at the end of a model package's ARN. @returns null if it ends in no number, as `none` doesn't */
export function versionOfArn(modelPackage: string): number | null {
  const [, version] = /\/(\d+)$/.exec(modelPackage) ?? [];
  return version === undefined ? null : Number(version);
}
