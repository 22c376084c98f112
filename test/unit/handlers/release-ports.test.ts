import { handlerPorts } from '../../../handlers/release-ports';
import { Settings } from '../../../handlers/settings';
import { handlerFixture, TOPIC_ARN } from './handler-fixture';

describe('the ports of a handler', () => {
  test('cut subjects to the 100 characters that SNS takes', async () => {
    const { props, published } = handlerFixture();
    const ports = handlerPorts(props.settings, props.api, props.now);
    await ports.notify('s'.repeat(101), 'text');
    expect(published).toEqual([{ TopicArn: TOPIC_ARN, Subject: 's'.repeat(100), Message: 'text' }]);
  });

  test('are of the model and the environment that the settings name', () => {
    const { props } = handlerFixture();
    expect(handlerPorts(props.settings, props.api, props.now)).toMatchObject({ environment: 'dev', model: 'churn' });
  });
});

describe('the settings of a handler', () => {
  const { settings } = handlerFixture().props;

  test('take what the environment has besides, and need no emulator', () => {
    expect(Settings.parse({ ...settings, PATH: '/bin' })).toEqual(settings);
    expect(Settings.parse({ ...settings, AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' })).toHaveProperty(
      'AWS_ENDPOINT_URL',
    );
  });

  test.each(['ENVIRONMENT', 'MODEL', 'EVIDENCE_BUCKET', 'RELEASE_ROLE_ARN', 'TOPIC_ARN'])('need %s', (name) => {
    expect(() => Settings.parse({ ...settings, [name]: undefined })).toThrow(name);
    expect(() => Settings.parse({ ...settings, [name]: '' })).toThrow(name);
  });
});
