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
  const settings = { ...handlerFixture().props.settings, APPROVAL_PEOPLE: '1' };
  const parsed = { ...settings, APPROVAL_PEOPLE: 1 };

  test('take what the environment has besides, and need no emulator', () => {
    expect(Settings.parse({ ...settings, PATH: '/bin' })).toEqual(parsed);
    expect(Settings.parse({ ...settings, AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' })).toHaveProperty(
      'AWS_ENDPOINT_URL',
    );
  });

  test.each(['ENVIRONMENT', 'MODEL', 'EVIDENCE_BUCKET', 'RELEASE_ROLE_ARN', 'TOPIC_ARN', 'APPROVAL_PEOPLE'])(
    'need %s',
    (name) => {
      expect(() => Settings.parse({ ...settings, [name]: undefined })).toThrow(name);
      expect(() => Settings.parse({ ...settings, [name]: '' })).toThrow(name);
    },
  );

  test.each(['3', '-1', 'two', '1.5'])('refuse %s people to approve', (people) => {
    expect(() => Settings.parse({ ...settings, APPROVAL_PEOPLE: people })).toThrow('APPROVAL_PEOPLE');
  });

  test.each(['0', '-1', '', '1.5', 'NaN'])('refuse approvals of %p hours', (hours) => {
    expect(() => Settings.parse({ ...settings, APPROVAL_EXPIRES_HOURS: hours })).toThrow('APPROVAL_EXPIRES_HOURS');
  });

  test.each([{ REGISTRY_ENVIRONMENT: 'staging' }, { REGISTRY_ACCOUNT: '222222222222' }])(
    'name a registry by its environment and its account, not by %j alone',
    (half) => {
      expect(() => Settings.parse({ ...settings, ...half })).toThrow('both must be set or neither');
      const whole = { REGISTRY_ENVIRONMENT: 'staging', REGISTRY_ACCOUNT: '222222222222' };
      expect(Settings.parse({ ...settings, ...whole })).toMatchObject(whole);
    },
  );
});
