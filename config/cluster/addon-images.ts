/** Regions in which one account of AWS has the images of all add-ons. */
const SHARED_ACCOUNT = '602401143452';
const REGIONS_OF_SHARED_ACCOUNT = [
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
] as const;

export const ADDON_IMAGES_PAGE = 'https://docs.aws.amazon.com/eks/latest/userguide/add-ons-images.html';

/**
 * The account that nodes of a region pull the images of add-ons from.
 * @returns undefined for a region with an account of its own
 */
export function sharedAddonImageAccount(region: string): string | undefined {
  return REGIONS_OF_SHARED_ACCOUNT.some((shared) => shared === region) ? SHARED_ACCOUNT : undefined;
}
