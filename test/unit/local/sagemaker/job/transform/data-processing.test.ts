import * as fc from 'fast-check';
import type { Json } from '../../../../../../core/json';
import { answersByRecord } from '../../../../../../local/sagemaker/job/transform/answers';
import { csvFields } from '../../../../../../local/sagemaker/job/transform/csv-row';
import { dataProcessing, dataProcessingFaults } from '../../../../../../local/sagemaker/job/transform/data-processing';
import { parseJsonPath } from '../../../../../../local/sagemaker/job/transform/json-path';
import type { TransformRequest } from '../../../../../../local/sagemaker/job/transform/transform-settings';

const select = (path: string, value: Json) => parseJsonPath(path, 'filter').select(value);

describe('a JSONPath', () => {
  const object = { id: 7, features: [1, 2, 3], nested: { a: 1, b: { c: 2 } } };
  test.each<[string, Json, Json]>([
    ['$', object, object],
    ['$.id', object, 7],
    ["$['id']", object, 7],
    ['$.features', object, [1, 2, 3]],
    ['$.nested.b.c', object, 2],
    ["$['id','features']", object, { id: 7, features: [1, 2, 3] }],
    ["$.nested.['a','b']", object, { a: 1, b: { c: 2 } }],
    ['$.nested.*', object, [1, { c: 2 }]],
    ['$.features[*]', object, [1, 2, 3]],
    ['$.features[1]', object, 2],
    ['$[0]', [4, 5, 6], 4],
    ['$[-1]', [4, 5, 6], 6],
    ['$[0,2]', [4, 5, 6], [4, 6]],
    ['$[1:]', [4, 5, 6], [5, 6]],
    ['$[:]', [4, 5, 6], [4, 5, 6]],
    ['$[0,2:]', [4, 5, 6, 7], [4, 6, 7]],
    ['$[3:]', [4, 5, 6], []],
    ['$[*].a', [{ a: 1 }, { a: 2 }], [1, 2]],
  ])('%s of %j is %j', (path, value, expected) => {
    expect(select(path, value)).toEqual(expected);
  });

  test.each(['', 'id', '$..id', '$[?(@.a>1)]', '$.length()', '$[', "$['a'", '$[a]', '$.', '$[0:4:2]', '$[0,]', '@'])(
    '%j is refused',
    (path) => {
      expect(() => parseJsonPath(path, 'DataProcessing.InputFilter')).toThrow(
        /^DataProcessing.InputFilter: must be a JSONPath of/,
      );
    },
  );

  test.each(['$[1:4]', '$[:5]', '$[-2:]', '$[0,1:3]'])(
    '%s is refused, for the documentation contradicts itself',
    (path) => {
      expect(() => parseJsonPath(path, 'f')).toThrow(
        `isn't clear in SageMaker's documentation, got ${path}; list the indexes`,
      );
    },
  );

  test.each<[string, Json]>([
    ['$.none', { a: 1 }],
    ["$['a','none']", { a: 1 }],
    ['$.toString', { a: 1 }],
    ['$[3]', [1, 2, 3]],
    ['$[-4]', [1, 2, 3]],
    ['$.a[0]', { a: 1 }],
    ['$.a', [1]],
    ['$.*', 'text'],
  ])('%s of %j is an error', (path, value) => {
    expect(() => select(path, value)).toThrow("which the record doesn't have");
  });

  test('of indexes selects what the indexes say, whatever the row', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 9 }), fc.nat(20), (row, number) => {
        const index = number % row.length;
        expect(select(`$[${index}]`, row)).toBe(row[index]);
        expect(select(`$[${index - row.length}]`, row)).toBe(row[index]);
        expect(select(`$[${index}:]`, row)).toEqual(row.slice(index));
      }),
    );
  });
});

test('fields of a row, put together again, are the row', () => {
  expect(csvFields('1,"a,b",,"say ""yes"", no"\r\n')).toEqual(['1', '"a,b"', '', '"say ""yes"", no"']);
  const field = fc.oneof(
    fc.string().map((text) => `"${text.replaceAll('"', '""').replaceAll(/[\r\n]/g, ' ')}"`),
    fc.stringMatching(/^[a-z0-9. ]*$/),
  );
  fc.assert(
    fc.property(fc.array(field, { minLength: 1, maxLength: 8 }), (fields) => {
      expect(csvFields(`${fields.join(',')}\n`)).toEqual(fields);
    }),
  );
});

const CSV = {
  TransformInput: { ContentType: 'text/csv', SplitType: 'Line' },
  TransformOutput: { Accept: 'text/csv', AssembleWith: 'Line' },
};
const JSON_LINES = {
  TransformInput: { ContentType: 'application/jsonlines', SplitType: 'Line' },
  TransformOutput: { Accept: 'application/jsonlines', AssembleWith: 'Line' },
};
const request = (DataProcessing: object, more: object = CSV) => ({ ...more, DataProcessing }) as TransformRequest;

describe('DataProcessing', () => {
  const run = (settings: TransformRequest, record: string, answer: string) => {
    expect(dataProcessingFaults(settings)).toEqual([]);
    const processing = dataProcessing(settings);
    const input = processing.filterInput(Buffer.from(record));
    return [input, processing.output(Buffer.from(record), Buffer.from(answer))].map(String);
  };

  test('leaves a record as it is where nothing is asked of it', () => {
    const processing = dataProcessing(request({}));
    expect(String(processing.filterInput(Buffer.from('1, "x" ,2\r\n')))).toBe('1, "x" ,2\r\n');
    expect(processing.changesOutput).toBe(false);
    expect(dataProcessingFaults({} as TransformRequest)).toEqual([]);
    expect(dataProcessingFaults(request({ InputFilter: '$', OutputFilter: '$', JoinSource: 'None' }, {}))).toEqual([]);
  });

  test('keeps an id out of the model, and puts it beside the answer', () => {
    const processing = { InputFilter: '$[1:]', JoinSource: 'Input', OutputFilter: '$[0,-1]' };
    expect(run(request(processing), 'id-7,1,2\n', '0.9\n')).toEqual(['1,2\n', 'id-7,0.9\n']);
    expect(run(request({ ...processing, OutputFilter: '$' }), 'id-7,1,2', '0.9,0.1')).toEqual([
      '1,2\n',
      'id-7,1,2,0.9,0.1\n',
    ]);
  });

  test('does the same with JSON lines', () => {
    const processing = { InputFilter: '$.features', JoinSource: 'Input', OutputFilter: "$['id','SageMakerOutput']" };
    expect(run(request(processing, JSON_LINES), '{"id":7,"features":[1,2]}', '{"label":1}')).toEqual([
      '[1,2]\n',
      '{"id":7,"SageMakerOutput":{"label":1}}\n',
    ]);
    expect(run(request({ JoinSource: 'Input' }, JSON_LINES), '[1,2]\n', '3')[1]).toBe(
      '{"SageMakerInput":[1,2],"SageMakerOutput":3}\n',
    );
  });

  test.each<[object, object, string]>([
    [{ InputFilter: '$..x' }, CSV, 'DataProcessing.InputFilter: must be a JSONPath of'],
    [{ OutputFilter: 'x' }, CSV, 'DataProcessing.OutputFilter: must be a JSONPath of'],
    [{ InputFilter: '$.id' }, CSV, 'a row of CSV has indexes only'],
    [{ JoinSource: 'Input' }, {}, 'TransformInput.ContentType must be one of text/csv'],
    [{ JoinSource: 'Input' }, { ...CSV, TransformOutput: { AssembleWith: 'Line' } }, 'TransformOutput.Accept must be'],
    [
      { JoinSource: 'Input' },
      { ...CSV, TransformOutput: JSON_LINES.TransformOutput },
      'of one format, got csv and json',
    ],
    [{ JoinSource: 'Input' }, { ...CSV, TransformInput: { ContentType: 'text/csv' } }, 'must be Line for text/csv'],
    [{ JoinSource: 'Input' }, { ...CSV, TransformOutput: { Accept: 'text/csv' } }, 'got Line and None'],
  ])('is refused: %j with %j', (processing, more, message) => {
    expect(dataProcessingFaults(request(processing, more)).join()).toContain(message);
  });

  test('fails a job whose records or answers do not fit', () => {
    const csv = dataProcessing(request({ InputFilter: '$[5]' }));
    expect(() => csv.filterInput(Buffer.from('1,2'))).toThrow("$[5] selects 5, which the record doesn't have");
    const json = dataProcessing(request({ JoinSource: 'Input' }, JSON_LINES));
    expect(() => json.output(Buffer.from('{"a":1}'), Buffer.from('oops'))).toThrow('the answer is not JSON, got oops');
  });
});

describe('answers by record', () => {
  const payload = (records: number) => ({ body: Buffer.alloc(0), records });
  const split = (counts: readonly number[], answers: readonly string[]) =>
    answersByRecord(
      counts.map(payload),
      answers.map((text) => Buffer.from(text)),
      'o',
    ).map(String);

  test('are the lines of the answers to payloads, in order', () => {
    expect(split([2, 1, 3], ['a\nb\n', 'c\nd\n', 'e\nf\ng'])).toEqual(['a', 'b', 'c\nd\n', 'e', 'f', 'g']);
    expect(split([2], ['a\n\n'])).toEqual(['a', '']);
  });

  test('must be as many as there are records', () => {
    expect(() => split([2], ['a\n'])).toThrow("o: the model answered 1 lines for 2 records, so they can't be joined");
    expect(() => split([2], ['a\nb\nc'])).toThrow('answered 3 lines');
  });
});
