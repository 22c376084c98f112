import { gateParameterName } from '../../../config/gate-parameter-name';

describe('the parameter of a gate', () => {
  test.each([
    ['GateRocAucAtLeast', { metric: 'roc_auc', atLeast: 0 }],
    ['GateRocAucAtMost', { metric: 'roc_auc', atMost: 0 }],
    ['GateRmseAtMost', { metric: 'rmse', atMost: 1 }],
    ['GateF1At05AtLeast', { metric: 'f1_at_05', atLeast: 1 }],
    ['GateRMSEAtMost', { metric: 'RMSE', atMost: 1 }],
    ['GateRecallTop10AtLeast', { metric: 'recall.top-10', atLeast: 1 }],
  ])('is called %s', (name, gate) => {
    expect(gateParameterName(gate)).toBe(name);
  });
});
