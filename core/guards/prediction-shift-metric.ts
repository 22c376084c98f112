import { PROJECT } from '../names';

/** Where the function that compares captured predictions reports, and the guard looks. */
export const PREDICTION_SHIFT_NAMESPACE = `${PROJECT}/endpoint`;
/** 0 to 1: distance of the new release's predictions from the old one's that is certain beyond sampling noise. */
export const PREDICTION_SHIFT_METRIC = 'PredictionShift';
/** Independent samples of the new release that it rests on. */
export const PREDICTION_SHIFT_SAMPLES_METRIC = 'PredictionShiftSamples';
