import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';

/** What an endpoint that can capture is told. */
export interface CaptureProps {
  /** S3 prefix that captured requests and answers go to. */
  readonly captureUri: string;
  /**
   * Share of requests that is captured, 0 to 100. At 0 capture is off.
   * @default 100
   */
  readonly capturePercent?: number;
}

/** DataCaptureConfig of an endpoint: requests and answers, encrypted. None at 0 percent. */
export function dataCapture(
  { captureUri, capturePercent = 100 }: CaptureProps,
  key: IKey,
): CfnEndpointConfig.DataCaptureConfigProperty | undefined {
  if (capturePercent === 0) return undefined;
  return {
    enableCapture: true,
    initialSamplingPercentage: capturePercent,
    destinationS3Uri: captureUri,
    kmsKeyId: key.keyArn,
    captureOptions: [{ captureMode: 'Input' }, { captureMode: 'Output' }],
    // Anything else is captured as base64.
    captureContentTypeHeader: { csvContentTypes: ['text/csv'], jsonContentTypes: ['application/json'] },
  };
}
